import TestKit
import Testing

@Suite("A line that fails while the others are paid") struct InstructionFailureTests {
  /// Sends a batch of one good payment of 100 and `line`, and expects that the line alone fails.
  private func expect(
    _ code: String, _ iso: String, in home: TestHome, line: String, environment: [String: String] = [:],
    paying amount: Int = 100, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try home.balance()
    let good = BatchDocument.credit("B-1-good", "100", to: BatchDocument.payee(77))
    let report = try home.process(home.sealed(.init("B-1", lines: [line, good])), environment: environment)
    #expect(report.status == 2, "\(report)", sourceLocation: sourceLocation)
    let result = try home.result(of: report)
    #expect(result["status"].text == "COMPLETED", sourceLocation: sourceLocation)
    let failed = result["results"][0]
    #expect(failed["status"].text == "FAILED", sourceLocation: sourceLocation)
    #expect(failed["isoStatus"].text == "RJCT", sourceLocation: sourceLocation)
    #expect(failed["reason"]["code"].text == code, "\(failed)", sourceLocation: sourceLocation)
    #expect(failed["reason"]["iso"].text == iso, sourceLocation: sourceLocation)
    #expect(result["summary"]["failed"].text == "1", sourceLocation: sourceLocation)
    #expect(try home.balance() == before - amount, sourceLocation: sourceLocation)
  }

  private func line(_ amount: String, to payee: String = BatchDocument.payee(0), more: String = "") -> String {
    BatchDocument.credit("B-1-bad", amount, to: payee, more: more)
  }

  @Test("an amount that the currency does not have", arguments: ["0.50", "0", "-5", "1e30", "abc"])
  func invalidAmount(amount: String) throws {
    try expect("invalid-amount", "AM12", in: TestHome(), line: line(amount))
  }

  @Test("an amount over the partner's limit for one") func overLimit() throws {
    let home = try TestHome()
    try home.update("--max-instruction", "500RWF")
    try expect("amount-over-limit", "AM02", in: home, line: line("501"))
  }

  @Test("an amount exactly at the partner's limit is paid") func atLimit() throws {
    let home = try TestHome()
    try home.update("--max-instruction", "500RWF")
    #expect(try home.process(home.sealed(.payments("B-1", [500]))).status == 0)
    #expect(try home.balance() == TestHome.funded - 500)
  }

  @Test("a currency that is none") func currency() throws {
    try expect("currency-not-supported", "AM03", in: TestHome(), line: line("5", more: #","currency":"RWX""#))
  }

  @Test("an instruction of an earlier batch, from a partner whose duplicates fail alone") func duplicateBefore() throws {
    let home = try TestHome()
    try home.update("--on-duplicate", "reject-instruction")
    #expect(try home.process(home.sealed(.init("B-0", lines: [line("100")]))).status == 0)
    try expect("duplicate-instruction", "AM05", in: home, line: line("100"))
    #expect(try home.received(BatchDocument.payee(0)) == 100)
  }

  @Test("an instruction that stands twice in a file, from a partner whose duplicates fail alone, is paid once")
  func duplicateWithin() throws {
    let home = try TestHome()
    try home.update("--on-duplicate", "reject-instruction")
    let report = try home.process(home.sealed(.init("B-1", lines: [line("100"), line("100")])))
    #expect(report.status == 2)
    let results = try home.result(of: report)["results"]
    #expect(results.elements.map(\.["status"].text) == ["SUCCESSFUL", "FAILED"])
    #expect(results[1]["reason"]["code"].text == "duplicate-instruction")
    #expect(try home.balance() == TestHome.funded - 100)
  }

  @Test("a functional ID that no account is mapped for") func unmapped() throws {
    try expect(
      "payee-not-found", "AC01", in: TestHome(),
      line: #"{"instructionID":"B-1-bad","payeeFunctionalID":"RW-1199880012345678","amount":5000}"#)
  }

  @Test("an unknown payee, where the ledger opens no accounts by itself") func unknownPayee() throws {
    let home = try TestHome()
    try home.expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(77), "--currency", "RWF"])
    try expect(
      "payee-not-found", "AC01", in: home, line: line("100"),
      environment: ["DISBURSE_LEDGER_OPEN_ON_CREDIT": "false"])
  }

  @Test("a payee whose account is inactive") func inactive() throws {
    let home = try TestHome()
    try home.expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(0), "--state", "inactive"])
    try expect("payee-inactive", "AC04", in: home, line: line("100"))
    #expect(try home.received(BatchDocument.payee(0)) == 0)
  }

  @Test("a payee whose account may not hold so much") func limited() throws {
    let home = try TestHome()
    try home.expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(0), "--max-balance", "99RWF"])
    try expect("payee-not-allowed", "AG01", in: home, line: line("100"))
  }

  @Test("what another batch spent between the admission and the payment is missing to the line, and stays missing")
  func insufficientFunds() throws {
    let home = try TestHome()
    let first = try home.sealed(.payments("B-1", [TestHome.funded]))
    let killed = try home.process(first, environment: ["DISBURSE_CRASH_AT": "journal.admit.committed"])
    #expect(killed.status == 128 + 9)
    #expect(try home.process(home.sealed(.payments("B-2", [1_000]))).status == 0)
    let report = try home.process(first)
    #expect(report.status == 2, "\(report)")
    let line = try home.result(of: report)["results"][0]
    #expect(line["status"].text == "FAILED")
    #expect(line["reason"]["code"].text == "insufficient-funds")
    #expect(line["reason"]["iso"].text == "AM04")
    #expect(try home.balance() == TestHome.funded - 1_000)
  }
}
