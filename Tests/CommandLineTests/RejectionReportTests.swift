import TestKit
import Testing

@Suite("How a person is told of a rejected file") struct RejectionReportTests {
  @Test("one error is told with its code, its pointer and what to do") func oneError() throws {
    let home = try TestHome()
    let batch = BatchDocument.payments("B-1", [100]).with("control", #"{"total":"7"}"#)
    let file = try home.sealed(batch)
    for command in ["process", "check"] {
      let lines = try home.run([command, file]).stderr.split(separator: "\n")
      #expect(lines.first?.hasPrefix("error: \(file) was rejected: control-mismatch at /control/total: ") == true)
      #expect(lines.last?.hasPrefix("hint:  find out whether control or the instructions are right") == true)
    }
  }

  @Test("an error of the grammar is told with its byte, as in the sealed answer") func byteOffset() throws {
    let home = try TestHome()
    let report = try home.process(home.sealed(BatchDocument.payments("B-1", [100]).with("currency", "RWF")))
    #expect(report.status == 65)
    let error = try report.json["batches"][0]["errors"][0]
    let offset = try #require(error["byteOffset"].text)
    #expect(report.stderr.contains(", byte \(offset): "), "\(report)")
    #expect(try home.result(of: report)["errors"][0].description == error.description)
  }

  @Test("an ID that was used for other content needs a new one") func reusedID() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    let changed = try home.run(["process", home.sealed(.payments("B-1", [200]))])
    #expect(changed.stderr.contains("under a new batchID"), "\(changed)")
    #expect(!changed.stderr.contains("under the same batchID"), "\(changed)")
  }

  @Test(
    "each kind of error has its own hint",
    arguments: [
      ("duplicate-instruction", "find out with disburse batch detail whether the earlier one was"),
      ("insufficient-funds", "disburse wallet fund, then process the same file again"),
      ("unknown-signer", "--add-signing-cert"),
      ("not-for-us", "disburse key export"),
      ("not-sealed", "openssl cms -sign"),
    ])
  func hint(code: String, words: String) throws {
    let home = try TestHome()
    let line = BatchDocument.credit("B-1-0", "100", to: BatchDocument.payee(0))
    let file =
      switch code {
      case "duplicate-instruction": try home.sealed(BatchDocument("B-1", lines: [line, line]))
      case "insufficient-funds": try home.sealed(.payments("B-1", [2_000_000]))
      case "unknown-signer": try home.sealed(.payments("B-1", [100]), by: [home.keys.stranger])
      case "not-for-us":
        try home.file(
          Sealing(by: [home.keys.maker]).seal(
            BatchDocument.payments("B-1", [100]).bytes, to: home.keys.encryption.certificate))
      default: try home.file("{}".utf8)
      }
    let result = try home.run(["process", file])
    let lines = result.stderr.split(separator: "\n")
    #expect(lines.first?.contains(" was rejected: \(code)") == true, "\(result)")
    #expect(lines.contains { $0.hasPrefix("hint:  ") && $0.contains(words) }, "\(result)")
    #expect(!result.stderr.contains("same batchID"), "\(result)")
  }

  @Test("several kinds have a hint each") func severalHints() throws {
    let home = try TestHome()
    let batch = BatchDocument.payments("B-1", [2_000_000]).with("recipientID", #""treasury-other""#)
    let result = try home.run(["process", home.sealed(batch)])
    let lines = result.stderr.split(separator: "\n")
    #expect(lines.first?.hasSuffix(" was rejected for 2 errors") == true, "\(result)")
    #expect(lines.filter { $0.hasPrefix("hint:  ") }.count == 2, "\(result)")
  }

  @Test("a bare array without an identity is told of --batch-id") func bareArray() throws {
    let home = try TestHome()
    let file = try home.file(Sealing(by: [home.keys.maker]).seal("[]".utf8, to: home.processor))
    let result = try home.run(["process", file])
    #expect(result.status == 65)
    #expect(result.stderr.contains("hint:  give the array an identity with --batch-id"), "\(result)")
  }
}
