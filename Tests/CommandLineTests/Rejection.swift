import TestKit
import Testing

/// What a rejected file has to say, and that it has cost nothing.
struct ExpectedRejection {
  let code: String
  var status: Int32 = 65
  var pointer: String?
  /// Whether the sender is known, and so gets a sealed answer.
  var isAnswered = true
  /// Options and environment of the command that gets the file.
  var options: [String] = []
  var environment: [String: String] = [:]

  init(_ code: String, status: Int32 = 65, at pointer: String? = nil, isAnswered: Bool = true) {
    self.code = code
    self.status = status
    self.pointer = pointer
    self.isAnswered = isAnswered
  }
}

extension TestHome {
  /// Processes `file`, which is to be rejected for one reason, and then `corrected`, which is to be paid.
  func expect(
    _ expected: ExpectedRejection, of file: String, corrected: BatchDocument, by signers: [PartnerKey]? = nil,
    costs amount: Int = 100, in currency: String = "RWF", sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try balance(currency)
    let report = try process(file, expected.options, environment: expected.environment)
    let batch = try report.json["batches"][0]
    #expect(report.status == expected.status, "\(report)", sourceLocation: sourceLocation)
    #expect(batch["status"].text == "REJECTED", sourceLocation: sourceLocation)
    #expect(batch["errors"].elements.map(\.["code"].text) == [expected.code], "\(batch)", sourceLocation: sourceLocation)
    if let pointer = expected.pointer {
      #expect(batch["errors"][0]["pointer"].text == pointer, sourceLocation: sourceLocation)
    }
    #expect(report.stderr.contains("error: "), sourceLocation: sourceLocation)
    #expect(try balance(currency) == before, "somebody was paid", sourceLocation: sourceLocation)
    #expect(!batch["result"].isNull == expected.isAnswered, sourceLocation: sourceLocation)
    if expected.isAnswered {
      let answer = try result(of: report)
      #expect(answer["status"].text == "REJECTED", sourceLocation: sourceLocation)
      #expect(answer["errors"].elements.map(\.["code"].text) == [expected.code], sourceLocation: sourceLocation)
    }

    let again = try process(sealed(corrected, by: signers))
    #expect(again.status == 0, "\(again)", sourceLocation: sourceLocation)
    #expect(try again.json["batches"][0]["status"].text == "COMPLETED", sourceLocation: sourceLocation)
    #expect(try balance(currency) == before - amount, sourceLocation: sourceLocation)
  }
}
