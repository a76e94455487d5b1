import TestKit
import Testing

@Suite("An instruction that is settled by hand", .enabled(if: Login.canBePlayed)) struct SettleTests {
  private func answered() throws -> (home: TestHome, file: String) {
    let home = try TestHome()
    try home.addOperators()
    try home.open(0, state: "inactive")
    let file = try home.sealed(.payments("B-1", [100, 200]))
    #expect(try home.process(file).status == 2)
    return (home, file)
  }

  private let words = ["settle", "B-1", "--instruction", "B-1-0", "--note", "paid in cash", "--receipt", "4711"]

  @Test("is successful in the next revision, told and counted apart from what the wallet moved") func settled() throws {
    let (home, file) = try answered()
    let order = try home.order(words)
    #expect(order.status == 0, "\(order)")
    let report = try home.process(file)
    #expect(report.status == 0, "\(report)")
    let result = try home.result(of: report)
    #expect(result["revision"].text == "2")
    #expect(result["status"].text == "COMPLETED")
    #expect(result["summary"]["succeeded"].text == "2")
    #expect(result["summary"]["settledByHand"]["count"].text == "1")
    #expect(result["summary"]["settledByHand"]["amounts"]["RWF"].text == "100")
    let line = result["results"][0]
    #expect(line["status"].text == "SUCCESSFUL")
    #expect(line["settledByHand"].names == ["at", "note", "receipt"])
    #expect(line["settledByHand"]["note"].text == "paid in cash")
    #expect(line["settledByHand"]["receipt"].text == "4711")
    #expect(line["financialTransactionID"].isNull && line["completedAt"].isNull && line["reason"].isNull)
    #expect(result["results"][1]["settledByHand"].isNull)
    #expect(try home.balance() == TestHome.funded - 200)
  }

  @Test("is shown to people: in the result, the batch and its page") func shown() throws {
    let (home, file) = try answered()
    #expect(try home.order(words).status == 0)
    let report = try home.process(file)
    let path = try #require(try report.json["batches"][0]["result"].text)
    let table = try home.run([
      "open", path, "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert",
      home.processor, "--format", "table",
    ])
    #expect(table.stdout.contains("settled by hand, receipt 4711: paid in cash"), "\(table)")
    #expect(table.stdout.contains("1 of them settled by hand, not by the wallet: 100 RWF"), "\(table)")
    #expect(try home.run(["batch", "show", "B-1"]).stdout.contains("of them settled by hand"))
    let page = try home.report(["batch", "detail", "B-1"]).json["instructions"]
    #expect(page[0]["settledByHand"]["receipt"].text == "4711")
  }

  @Test("is none that was paid, or was settled before, and is not tried again") func refused() throws {
    let (home, _) = try answered()
    let paid = try home.order(["settle", "B-1", "--instruction", "B-1-1", "--note", "cash"])
    #expect(paid.status == 64, "\(paid)")
    #expect(try home.order(words).status == 0)
    #expect(try home.order(words).status == 64)
    let retry = try home.order(["retry", "B-1", "--instruction", "B-1-0", "--note", "again"])
    #expect(retry.status == 64, "\(retry)")
    #expect(try home.order(["retry", "B-1", "--note", "again"]).status == 64)
    let unknown = try home.order(["settle", "B-1", "--instruction", "B-1-7", "--note", "cash"])
    #expect(try unknown.json["error"]["code"].text == "not-found")
  }

  @Test("needs a note that somebody can read", arguments: ["", String(repeating: "x", count: 501)])
  func note(note: String) throws {
    let (home, _) = try answered()
    #expect(try home.order(["settle", "B-1", "--instruction", "B-1-0", "--note", note]).status == 64)
    #expect(try home.order(["hold", "B-1", "--note", note]).status == 64)
  }
}
