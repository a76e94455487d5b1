import TestKit
import Testing

@Suite("All errors of a file are told") struct AllErrorsTests {
  @Test("errors of the header, of lines and of the whole come together") func severalKinds() throws {
    let home = try TestHome()
    try home.update("--programs", "VUP-DS", "--kinds", "voucher", "--max-batch", "1000RWF")
    let lines = [
      BatchDocument.credit("B-1-0", "2000000", to: BatchDocument.payee(0)),
      BatchDocument.credit("B-1-0", "100", to: BatchDocument.payee(1)),
      #"{"payee":{"type":"MSISDN","id":"250788100000"},"amount":"100"}"#,
      #"{"instructionID":"B-1-3","payee":{"type":"FAX","id":"1"},"amount":"100"}"#,
    ]
    let batch = BatchDocument("B-1", lines: lines).with("recipientID", #""treasury-other""#)
      .with("programID", #""OTHER""#).with("control", #"{"count":9,"total":"1"}"#)
      .with("expiresAt", #""2020-01-01T00:00:00Z""#)
    let report = try home.process(home.sealed(batch))
    let errors = try report.json["batches"][0]["errors"].elements
    let codes = Set(errors.compactMap(\.["code"].text))
    #expect(
      codes == [
        "schema", "duplicate-instruction", "recipient-mismatch", "program-not-allowed", "kind-not-allowed", "expired",
        "control-mismatch", "batch-limit-exceeded", "insufficient-funds",
      ])
    let pointers = Set(errors.compactMap(\.["pointer"].text))
    #expect(
      pointers.isSuperset(of: [
        "/creditInstructions/2/instructionID", "/creditInstructions/1/instructionID", "/control/count",
        "/control/total",
      ]), "\(pointers)")
    for code in codes { #expect(report.stderr.contains(code), "a person is not told of \(code)") }
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("errors of the header do not hide those of the lines") func headerAndLines() throws {
    let home = try TestHome()
    let batch = BatchDocument(
      "B-1", lines: [#"{"payee":{"type":"MSISDN","id":"250788100000"},"amount":"100"}"#]
    ).with("createdAt", #""yesterday""#)
    let errors = try home.process(home.sealed(batch)).json["batches"][0]["errors"].elements
    #expect(Set(errors.compactMap(\.["pointer"].text)) == ["/createdAt", "/creditInstructions/0/instructionID"])
  }

  @Test("a missing batchID does not hide the errors of the lines") func noIdentity() throws {
    let home = try TestHome()
    let batch = BatchDocument(
      "B-1", lines: [#"{"payee":{"type":"MSISDN","id":"250788100000"},"amount":"100"}"#]
    ).without("batchID")
    let errors = try home.process(home.sealed(batch)).json["batches"][0]["errors"].elements
    #expect(Set(errors.compactMap(\.["pointer"].text)) == ["/batchID", "/creditInstructions/0/instructionID"])
  }

  @Test("at most a thousand are listed, and all are counted") func manyErrors() throws {
    let home = try TestHome()
    let batch = BatchDocument("B-1", lines: Array(repeating: #"{"amount":"100"}"#, count: 1_200))
    let report = try home.process(home.sealed(batch))
    let rejected = try report.json["batches"][0]
    #expect(report.status == 65)
    #expect(rejected["errors"].elements.count == 1_000)
    #expect(Int(rejected["errorCount"].text ?? "") ?? 0 >= 1_200)
    #expect(try home.result(of: report)["errorCount"].text == rejected["errorCount"].text)
  }

  @Test("check tells the same errors as process, and keeps nothing") func check() throws {
    let home = try TestHome()
    let file = try home.sealed(
      BatchDocument("B-1", lines: [#"{"amount":"100"}"#]).with("control", #"{"count":9}"#))
    let checked = try home.report(["check", file])
    #expect(checked.status == 65)
    #expect(try home.report(["batch", "list"]).json["batches"].elements.isEmpty)
    let processed = try home.process(file).json["batches"][0]["errors"].elements.map(\.description)
    #expect(try checked.json["errors"].elements.map(\.description) == processed)
  }
}
