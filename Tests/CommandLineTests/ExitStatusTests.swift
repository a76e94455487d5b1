import TestKit
import Testing

@Suite("Exit statuses and reports") struct ExitStatusTests {
  @Test(
    "words that make no sense are a usage error, with one object for a program",
    arguments: [
      ["nonsense"], ["process"], ["process", "a", "b", "-o", "c"], ["partner", "add", "x"],
      ["batch", "list", "--status", "odd"], ["batch", "list", "--limit", "0"], ["wallet", "fund", "a"],
      ["check", "a", "--source", "x"], ["open", "a", "--cert", "b"], ["batch", "list", "--from", "yesterday"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(arguments + ["--format", "json"])
    #expect(result.status == 64, "\(result)")
    #expect(try result.json["error"]["code"].text == "usage")
    #expect(result.stderr.contains("Usage: disburse"))
  }

  @Test("a usage error without a format leaves standard output alone") func usageText() throws {
    let result = try Program.run(["process"])
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
  }

  private static let refusals: [(command: String, status: Int32)] = [
    ("wallet fund \(TestHome.partner) 0 RWF", 64),
    ("wallet fund \(TestHome.partner) 1.5 RWF", 64),
    ("wallet fund \(TestHome.partner) 5 XXZ", 64),
    ("wallet account open FAX 1", 64),
    ("voucher group add SCHOOL", 64),
    ("partner update \(TestHome.partner) --on-duplicate shrug", 64),
    ("key generate --algorithm dsa", 64),
    ("wallet fund nobody 5 RWF", 64),
    ("wallet account show MSISDN 1", 64),
    ("wallet account show MSISDN 250788999999", 64),
    ("wallet balance nobody", 64),
    ("partner update \(TestHome.partner) --require-signatures 3", 78),
    ("partner update \(TestHome.partner) --kinds cheque", 78),
    ("batch detail none", 64),
  ]

  @Test("what the rules of the ledger or of the register refuse", arguments: refusals)
  func refused(command: String, status: Int32) throws {
    let home = try TestHome()
    let result = try home.report(command.split(separator: " ").map(String.init))
    #expect(result.status == status, "\(result)")
    #expect(try !result.json["error"]["message"].isNull)
    #expect(result.stderr.hasPrefix("error: "), "\(result)")
  }

  @Test("several files: each is told, and the gravest decides") func severalFiles() throws {
    let home = try TestHome()
    let good = try home.sealed(.payments("B-1", [100]))
    let someFailed = try home.sealed(.init("B-2", lines: [BatchDocument.credit("B-2-0", "0.5", to: "1")]))
    let rejected = try home.sealed(BatchDocument.payments("B-3", [100]).with("control", #"{"count":7}"#))
    let stranger = try home.sealed(.payments("B-4", [100]), by: [home.keys.stranger])
    let report = try home.report(["process", stranger, rejected, someFailed, good])
    #expect(report.status == 77)
    let statuses = try report.json["batches"].elements.map(\.["status"].text)
    #expect(statuses == ["REJECTED", "REJECTED", "COMPLETED", "COMPLETED"])
    #expect(try home.balance() == TestHome.funded - 100)
  }

  @Test("an error of a file keeps what was done before it in the report") func stopped() throws {
    let home = try TestHome()
    let good = try home.sealed(.payments("B-1", [100]))
    let report = try home.report(["process", good, home.directory.file("none.p7m")])
    #expect(report.status == 74)
    #expect(try report.json["batches"][0]["status"].text == "COMPLETED")
    #expect(try !report.json["error"]["code"].isNull)
  }

  @Test("the table names the batch, its figures and the result") func table() throws {
    let home = try TestHome()
    let result = try home.run(["process", home.sealed(.payments("B-1", [100]))])
    #expect(result.status == 0)
    let lines = result.stdout.split(separator: "\n")
    #expect(lines.first == "batch B-1 of social-registry: COMPLETED")
    #expect(lines.last?.hasPrefix("result: \(home.path)/spool/outbox/social-registry/") == true)
    #expect(result.stderr.isEmpty)
  }

  @Test("a reader that goes away early does not stop the payments") func closedPipe() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    _ = try Command.run(
      "/bin/sh", ["-c", #""$PROGRAM" process "$FILE" | true"#],
      environment: ["PROGRAM": Program.path, "FILE": file, "DISBURSE_HOME": home.path])
    #expect(try home.balance() == TestHome.funded - 100)
  }
}
