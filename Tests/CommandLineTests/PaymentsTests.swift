import TestKit
import Testing

@Suite("Finding payments and batches") struct PaymentsTests {
  /// Three batches of two programmes: payments to the same payees, one line that fails, vouchers for a beneficiary.
  static func filled() throws -> TestHome {
    let home = try TestHome()
    let first = BatchDocument.payments("B-1", [100, 200]).with("programID", "\"HEALTH\"")
    let second = BatchDocument(
      "B-2", lines: BatchDocument.payments("B-2", [300, 400]).lines + [BatchDocument.credit("B-2-x", "0.5", to: "1")]
    ).with("programID", "\"SCHOOL\"")
    let third = BatchDocument(
      "B-3", kind: "voucherInstructions",
      lines: [
        BatchDocument.voucher("B-3-0", "500", group: "SCHOOL", more: #","payeeFunctionalID":"RW-11998800""#)
      ]
    ).with("programID", "\"SCHOOL\"")
    for batch in [first, second, third] { _ = try home.process(home.sealed(batch)) }
    return home
  }

  @Test("payments of all batches are found by every condition, newest first") func conditions() throws {
    let home = try Self.filled()
    func found(_ options: String...) throws -> [String?] {
      try home.report(["payments"] + options).json["payments"].elements.map(\.["instructionID"].text)
    }
    #expect(try found() == ["B-3-0", "B-2-x", "B-2-1", "B-2-0", "B-1-1", "B-1-0"])
    #expect(try found("--payee", "+" + BatchDocument.payee(1)) == ["B-2-1", "B-1-1"])
    #expect(try found("--payee", BatchDocument.payee(1), "--program", "HEALTH") == ["B-1-1"])
    #expect(try found("--beneficiary", "RW-11998800") == ["B-3-0"])
    #expect(try found("--status", "failed") == ["B-2-x"])
    #expect(try found("--reason", "invalid-amount", "--partner", TestHome.partner) == ["B-2-x"])
    #expect(try found("--status", "pending") == [])
    #expect(try found("--batch", "B-1") == ["B-1-1", "B-1-0"])
    #expect(try found("--instruction", "B-2-0") == ["B-2-0"])
    #expect(try found("--from", "2020-01-01T00:00:00Z", "--status", "successful", "--program", "SCHOOL").count == 3)
    #expect(try found("--date", "2020-01-01") == [])
  }

  @Test("the next page is the one that the page before names, to its end") func pages() throws {
    let home = try Self.filled()
    var seen: [String?] = []
    var after: [String] = []
    repeat {
      let page = try home.report(["payments", "--limit", "4"] + after).json
      seen += page["payments"].elements.map(\.["instructionID"].text)
      after = page["next"].text.map { ["--after", $0] } ?? []
    } while !after.isEmpty && seen.count < 20
    #expect(seen == ["B-3-0", "B-2-x", "B-2-1", "B-2-0", "B-1-1", "B-1-0"])
    #expect(try home.run(["payments", "--limit", "4"]).stderr.hasPrefix("more: the same with --after "))
    let list = try home.report(["batch", "list", "--limit", "2"]).json
    #expect(list["batches"].elements.map(\.["batchID"].text) == ["B-3", "B-2"])
    let token = try #require(list["next"].text)
    #expect(
      try home.report(["batch", "list", "--after", token]).json["batches"].elements.map(\.["batchID"].text) == ["B-1"])
  }

  @Test("batches are found by kind, programme and who is paid") func batches() throws {
    let home = try Self.filled()
    func found(_ options: String...) throws -> [String?] {
      try home.report(["batch", "list"] + options).json["batches"].elements.map(\.["batchID"].text)
    }
    #expect(try found("--kind", "voucher") == ["B-3"])
    #expect(try found("--program", "SCHOOL") == ["B-3", "B-2"])
    #expect(try found("--payee", BatchDocument.payee(0)) == ["B-2", "B-1"])
    #expect(try found("--beneficiary", "RW-11998800") == ["B-3"])
    #expect(try found("--date", "2020-01-01") == [])
  }

  @Test("a payee is masked in a table, left out of JSON, and shown when it is asked for")
  func masking() throws {
    let home = try Self.filled()
    let payee = BatchDocument.payee(1)
    for command in [["payments", "--payee", payee], ["batch", "detail", "B-1"]] {
      let table = try home.run(command).stdout
      #expect(table.contains("MSISDN …01") && !table.contains(payee), "\(table)")
      #expect(try !home.report(command).stdout.contains(payee))
      #expect(try home.run(command + ["--reveal"]).stdout.contains("MSISDN \(payee)"))
      #expect(try home.report(command + ["--reveal"]).stdout.contains(payee))
    }
    let voucher = try home.report(["payments", "--batch", "B-3", "--reveal"]).json["payments"][0]
    #expect(voucher["payeeFunctionalID"].text == "RW-11998800")
  }

  @Test(
    "what can't be asked is a usage error",
    arguments: [
      "payments --after x", "payments --after l5", "payments --after 7", "payments --limit 0", "payments --limit 10001",
      "payments --date 2026-11-22 --from 2026-11-22T00:00:00Z", "payments --date 2026-02-30", "payments --status odd",
      "batch list --after n1-0", "batch list --kind odd", "batch detail B-1 --after n1-0",
    ])
  func usage(command: String) throws {
    let home = try TestHome()
    #expect(try home.run(command.split(separator: " ").map(String.init)).status == 64)
  }
}
