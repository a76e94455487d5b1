import TestKit
import Testing

@Suite("A batch that is not processed") struct DocumentRejectionTests {
  private let batch = BatchDocument.payments("B-1", [100])

  private func expect(
    _ expected: ExpectedRejection, _ options: String..., bad: BatchDocument, corrected: BatchDocument? = nil,
    costs amount: Int = 100, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let home = try TestHome()
    if !options.isEmpty { try home.expectSuccess(["partner", "update", TestHome.partner] + options) }
    try home.expect(
      expected, of: home.sealed(bad), corrected: corrected ?? batch, costs: amount, sourceLocation: sourceLocation)
  }

  @Test("a batch for another processor") func recipient() throws {
    try expect(
      ExpectedRejection("recipient-mismatch", at: "/recipientID"), bad: batch.with("recipientID", #""treasury-other""#),
      corrected: batch.with("recipientID", #""treasury-disburse""#))
  }

  @Test("what is no JSON", arguments: [#"{"batchID":"B-1","#, "{]", #"{"batchID":"B-1"} {}"#])
  func malformed(text: String) throws {
    let home = try TestHome()
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(text.utf8, to: home.processor))
    try home.expect(ExpectedRejection("malformed-json"), of: file, corrected: batch)
  }

  @Test("a repeated member") func repeated() throws {
    var bad = batch
    bad.members.append(("batchID", #""B-2""#))
    try expect(ExpectedRejection("malformed-json", at: "/batchID"), bad: bad)
  }

  @Test("a batch without an ID") func noBatchID() throws {
    try expect(ExpectedRejection("schema", at: "/batchID"), bad: batch.without("batchID"))
  }

  @Test("a batch without a source") func noSource() throws {
    try expect(ExpectedRejection("schema", at: "/sourceBBID"), bad: batch.without("sourceBBID"))
  }

  @Test("a batch without instructions") func noInstructions() throws {
    try expect(ExpectedRejection("schema", at: "/creditInstructions"), bad: BatchDocument("B-1"))
  }

  @Test("a line without an ID") func noInstructionID() throws {
    try expect(
      ExpectedRejection("schema", at: "/creditInstructions/0/instructionID"),
      bad: BatchDocument("B-1", lines: [#"{"payee":{"type":"MSISDN","id":"250788100000"},"amount":"100"}"#]))
  }

  @Test("a line without a payee") func noPayee() throws {
    try expect(
      ExpectedRejection("schema"), bad: BatchDocument("B-1", lines: [#"{"instructionID":"B-1-0","amount":"100"}"#]))
  }

  @Test("more instructions than the processor takes") func tooMany() throws {
    let home = try TestHome()
    var expected = ExpectedRejection("batch-too-large")
    expected.environment = ["DISBURSE_BATCH_MAXIMUM_INSTRUCTIONS": "1"]
    try home.expect(expected, of: home.sealed(.payments("B-1", [100, 100])), corrected: batch)
  }

  @Test("a larger document than the processor takes") func tooLong() throws {
    let home = try TestHome()
    var expected = ExpectedRejection("batch-too-large")
    expected.environment = ["DISBURSE_BATCH_MAXIMUM_DOCUMENT_BYTES": "1000"]
    try home.expect(
      expected, of: home.sealed(.payments("B-1", Array(repeating: 1, count: 200))), corrected: batch)
  }

  @Test("a control count that is wrong") func controlCount() throws {
    try expect(
      ExpectedRejection("control-mismatch", at: "/control/count"), bad: batch.with("control", #"{"count":2}"#),
      corrected: batch.with("control", #"{"count":1}"#))
  }

  @Test("a control total that is wrong by one franc") func controlTotal() throws {
    try expect(
      ExpectedRejection("control-mismatch", at: "/control/total"), bad: batch.with("control", #"{"total":"101.00"}"#),
      corrected: batch.with("control", #"{"total":"100.00"}"#))
  }

  @Test("no control figures from a partner that has to state them") func controlAbsent() throws {
    try expect(
      ExpectedRejection("control-mismatch", at: "/control"), "--require-control", bad: batch,
      corrected: batch.with("control", #"{"count":1,"total":"100"}"#))
  }

  @Test("a programme that the partner may not use") func program() throws {
    try expect(
      ExpectedRejection("program-not-allowed", status: 77, at: "/programID"), "--programs", "VUP-DS,GIRINKA",
      bad: batch.with("programID", #""OTHER""#), corrected: batch.with("programID", #""VUP-DS""#))
  }

  @Test("a kind that the partner may not send") func kind() throws {
    try expect(
      ExpectedRejection("kind-not-allowed", status: 77), "--kinds", "voucher", bad: batch,
      corrected: .vouchers("B-1", [100]))
  }

  @Test("a currency that the partner may not use") func currency() throws {
    let home = try TestHome()
    try home.update("--currencies", "RWF,KES")
    try home.expectSuccess(["wallet", "fund", TestHome.partner, "1000", "USD"])
    try home.expect(
      ExpectedRejection("currency-not-allowed", at: "/creditInstructions/0/currency"),
      of: home.sealed(.init("B-1", lines: [BatchDocument.credit("B-1-0", "1", to: BatchDocument.payee(0), more: #","currency":"USD""#)])),
      corrected: batch)
  }

  @Test("more in a batch than the partner may pay") func batchLimit() throws {
    try expect(
      ExpectedRejection("batch-limit-exceeded"), "--max-batch", "1000RWF", bad: .payments("B-1", [600, 401]),
      corrected: .payments("B-1", [600, 400]), costs: 1_000)
  }

  @Test("more than the funding account holds") func funds() throws {
    try expect(
      ExpectedRejection("insufficient-funds"), bad: .payments("B-1", [TestHome.funded, 1]),
      corrected: .payments("B-1", [TestHome.funded]), costs: TestHome.funded)
  }

  @Test("a batch whose time is over") func expired() throws {
    try expect(
      ExpectedRejection("expired", at: "/expiresAt"), bad: batch.with("expiresAt", #""2020-01-01T00:00:00Z""#),
      corrected: batch.with("expiresAt", #""2099-01-01T00:00:00Z""#))
  }

  @Test("a line that can't be paid, from a partner whose batches are all or nothing") func invalidInstruction() throws {
    try expect(
      ExpectedRejection("invalid-instruction", at: "/creditInstructions/1"), "--on-invalid-instruction",
      "reject-batch", bad: .init("B-1", lines: batch.lines + [BatchDocument.credit("B-1-1", "0.5", to: "1")]))
  }

  @Test("a batch whose time has not come waits and pays nobody") func notBefore() throws {
    let home = try TestHome()
    let report = try home.process(home.sealed(batch.with("executeAt", #""2099-01-01T00:00:00Z""#)))
    #expect(report.status == 69)
    #expect(try report.json["error"]["code"].text == "not-before")
    #expect(try home.balance() == TestHome.funded)
  }
}
