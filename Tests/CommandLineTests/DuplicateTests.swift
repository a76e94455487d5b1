import TestKit
import Testing

@Suite("What was sent before") struct DuplicateTests {
  private let batch = BatchDocument.payments("B-1", [100, 200])

  @Test("the same file gets the same answer, and nobody is paid again") func sameFile() throws {
    let home = try TestHome()
    let file = try home.sealed(batch)
    let first = try home.process(file)
    let second = try home.process(file)
    #expect(second.status == 0)
    #expect(try second.json["batches"][0]["repeated"].text == "1")
    #expect(try second.json["batches"][0]["result"].text == first.json["batches"][0]["result"].text)
    #expect(try second.json["batches"][0]["summary"]["succeeded"].text == "2")
    #expect(try home.balance() == TestHome.funded - 300)
  }

  @Test("the same content sealed anew gets the same answer, and nobody is paid again") func sealedAnew() throws {
    let home = try TestHome()
    let first = try home.process(home.sealed(batch))
    let second = try home.process(home.sealed(batch, by: [home.keys.checker]))
    #expect(second.status == 0)
    #expect(try second.json["batches"][0]["result"].text == first.json["batches"][0]["result"].text)
    #expect(try home.balance() == TestHome.funded - 300)
  }

  @Test("a repeated batch with failed lines is answered with success: it failed before") func repeatedFailures() throws {
    let home = try TestHome()
    let file = try home.sealed(.init("B-1", lines: [BatchDocument.credit("B-1-0", "0.5", to: "1")]))
    #expect(try home.process(file).status == 2)
    #expect(try home.process(file).status == 0)
  }

  @Test("another content under a known batchID is refused") func reused() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(batch)).status == 0)
    try home.expect(
      ExpectedRejection("batch-id-reused", at: "/batchID"),
      of: home.sealed(.init("B-1", lines: BatchDocument.payments("B-2", [100]).lines)),
      corrected: .payments("B-2", [100]))
  }

  @Test("an instruction that stands twice in a file rejects it") func twiceInFile() throws {
    let home = try TestHome()
    try home.expect(
      ExpectedRejection("duplicate-instruction", at: "/creditInstructions/1/instructionID"),
      of: home.sealed(.init("B-1", lines: [batch.lines[0], batch.lines[0]])), corrected: .payments("B-1", [100]))
  }

  @Test("an instruction of an earlier batch rejects the file") func earlierBatch() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(batch)).status == 0)
    let lines = BatchDocument.payments("B-2", [100]).lines
    try home.expect(
      ExpectedRejection("duplicate-instruction", at: "/creditInstructions/1/instructionID"),
      of: home.sealed(.init("B-2", lines: lines + [batch.lines[0]])), corrected: .init("B-2", lines: lines))
  }

  @Test("an instruction of a rejected batch was never sent: it may come under another batchID") func rejectedBefore()
    throws
  {
    let home = try TestHome()
    #expect(try home.process(home.sealed(batch.with("control", #"{"count":3}"#))).status == 65)
    #expect(try home.process(home.sealed(.init("B-2", lines: batch.lines))).status == 0)
    #expect(try home.balance() == TestHome.funded - 300)
  }

  @Test("another partner may use the same IDs") func otherPartner() throws {
    let home = try TestHome()
    try home.expectSuccess([
      "partner", "add", "other-registry", "--signing-cert", home.keys.stranger.certificate, "--encryption-cert",
      home.keys.encryption.certificate,
    ])
    try home.expectSuccess(["wallet", "fund", "other-registry", "1000", "RWF"])
    #expect(try home.process(home.sealed(batch)).status == 0)
    let other = BatchDocument("B-1", from: "other-registry", lines: batch.lines)
    #expect(try home.process(home.sealed(other, by: [home.keys.stranger])).status == 0)
    #expect(try home.balance() == TestHome.funded - 300)
    #expect(try home.received(BatchDocument.payee(0)) == 200)
  }
}
