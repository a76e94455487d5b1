import Batch
import Testing

@Suite("Result documents")
struct ResultTests {
  static var header: ResultHeader {
    var summary = ResultSummary()
    summary.succeeded = 1
    summary.failed = 1
    if let rwf = Currency(code: "RWF") {
      summary.amounts[rwf] = ResultSummary.Amounts(succeeded: 7_500, failed: 5_000)
    }
    var header = ResultHeader(
      batchID: "VUP-2026-11-0001", sourceBBID: "social-registry", processorID: "treasury-disburse", revision: 1,
      status: .completed, generatedAt: Timestamp(millisecondsSinceEpoch: 1_795_399_209_000), summary: summary)
    header.requestID = "REQ-2026-11-22"
    return header
  }

  static var outcomes: [Outcome] {
    var paid = Outcome(instructionID: "I-000000000001", status: .successful, amount: "7500", currency: "RWF")
    paid.reference = "5e0f"
    paid.financialTransactionID = "FT-1"
    paid.completedAt = Timestamp(millisecondsSinceEpoch: 1_795_399_204_000)
    var failed = Outcome(instructionID: "I-000000000002", status: .failed, amount: "5000", currency: "RWF")
    failed.reason = Reason(.payeeNotFound, "no account is mapped for this functional ID")
    return [paid, failed]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Reads a result in pushes of `size` bytes.
  private static func read(_ bytes: [UInt8], push size: Int = .max) throws -> (ResultDocument, [Outcome]) {
    var reader = ResultReader()
    var outcomes: [Outcome] = []
    var start = 0
    while start < bytes.count {
      let end = start + min(size, bytes.count - start)
      try bytes[start..<end].withUnsafeBytes { try reader.consume($0) { outcomes.append($0) } }
      start = end
    }
    return (try reader.finish(), outcomes)
  }

  @Test("head, lines and tail are the document of the format")
  func example() throws {
    let bytes =
      ResultEncoder.head(Self.header) + ResultEncoder.lines(Self.outcomes, isFirst: true) + ResultEncoder.tail()
    let expected = """
      {"requestID": "REQ-2026-11-22", "batchID": "VUP-2026-11-0001", "sourceBBID": "social-registry",
       "processorID": "treasury-disburse",
       "revision": 1, "status": "COMPLETED", "generatedAt": "2026-11-23T02:00:09Z",
       "summary": { "count": 2, "succeeded": 1, "failed": 1, "pending": 0,
                    "amounts": { "RWF": { "total": "12500", "succeeded": "7500", "failed": "5000", "pending": "0" } } },
       "results": [
         { "instructionID": "I-000000000001", "status": "SUCCESSFUL", "isoStatus": "ACSC", "amount": "7500",
           "currency": "RWF", "reference": "5e0f", "financialTransactionID": "FT-1",
           "completedAt": "2026-11-23T02:00:04Z" },
         { "instructionID": "I-000000000002", "status": "FAILED", "isoStatus": "RJCT", "amount": "5000",
           "currency": "RWF", "reason": { "code": "payee-not-found", "iso": "AC01",
                       "message": "no account is mapped for this functional ID" } }
       ]}
      """
    #expect(try JSONValue(parsing: bytes) == JSONValue(parsing: Array(expected.utf8)))
  }

  @Test("lines of several chunks make the document that one chunk makes")
  func chunks() {
    let lines = Self.outcomes + Self.outcomes
    let whole = ResultEncoder.lines(lines, isFirst: true)
    let parts =
      ResultEncoder.lines(Array(lines[..<1]), isFirst: true) + ResultEncoder.lines([], isFirst: false)
      + ResultEncoder.lines(Array(lines[1...]), isFirst: false)
    #expect(Self.text(parts) == Self.text(whole))
  }

  @Test("a line that was settled by hand, and how many there are, come back as they were written")
  func settledByHand() throws {
    let at = Timestamp(millisecondsSinceEpoch: 1_795_399_204_000)
    var (header, outcomes) = (Self.header, Self.outcomes)
    header.summary.settledByHand.count = 1
    header.summary.settledByHand.amounts = [try #require(Currency(code: "RWF")): 7_500]
    header.audit = AuditWitness(entry: 17, hash: "ab")
    outcomes[0].settledByHand = SettledByHand(note: "cash, \"Kigali\"", receipt: "R-1", at: at)
    outcomes[1].settledByHand = SettledByHand(note: "cash", at: at)
    let bytes = ResultEncoder.head(header) + ResultEncoder.lines(outcomes, isFirst: true) + ResultEncoder.tail()
    let (document, lines) = try Self.read(bytes)
    #expect(document.header == header)
    #expect(lines.map(\.settledByHand) == outcomes.map(\.settledByHand))
    let text = Self.text(bytes)
    #expect(text.contains(#""settledByHand":{"note":"cash","at":"2026-11-23T02:00:04Z"}"#))
    #expect(text.contains(#""settledByHand":{"count":1,"amounts":{"RWF":"7500"}}"#))
    #expect(!Self.text(ResultEncoder.head(Self.header)).contains("settledByHand"))
  }

  @Test("a pending line has its ISO status and reason")
  func pending() {
    var outcome = Outcome(instructionID: "I", status: .pending, amount: "1.50", currency: "KES")
    outcome.reason = Reason(.walletTimeout, "no final answer")
    #expect(
      Self.text(ResultEncoder.lines([outcome], isFirst: true)) == "\n"
        + #"""
        {"instructionID":"I","status":"PENDING","isoStatus":"PDNG","amount":"1.50","currency":"KES",
        """#.dropLast(0) + #""reason":{"code":"wallet-timeout","iso":"AB03","message":"no final answer"}}"#)
  }

  @Test("a voucher's line has its numbers, expiry and group")
  func voucher() throws {
    var outcome = Outcome(instructionID: "I", status: .successful, amount: "5", currency: "RWF")
    outcome.voucher = IssuedVoucher(
      serialNumber: "9000000000000019", voucherNumber: "1234567890123452",
      expiryDate: Timestamp(millisecondsSinceEpoch: 1_795_399_204_000), groupCode: "GENERAL")
    let line = try JSONValue(parsing: Array(ResultEncoder.lines([outcome], isFirst: true)))
    #expect(line["serialNumber"] == "9000000000000019")
    #expect(line["voucherNumber"] == "1234567890123452")
    #expect(line["expiryDate"] == "2026-11-23T02:00:04Z")
    #expect(line["groupCode"] == "GENERAL")
  }

  @Test("what a partner or a wallet wrote is escaped")
  func escaping() throws {
    var outcome = Outcome(instructionID: "I", status: .failed, amount: "1\"}\n", currency: "\\\u{1}")
    outcome.financialTransactionID = "é😀\""
    outcome.reason = Reason(ReasonCode(rawValue: "new\"code"), "\u{0}\u{7f}")
    let line = try JSONValue(parsing: ResultEncoder.lines([outcome], isFirst: true))
    #expect(line["amount"] == "1\"}\n")
    #expect(line["currency"] == "\\\u{1}")
    #expect(line["financialTransactionID"] == "é😀\"")
    #expect(line["reason"]?["code"] == "new\"code")
    #expect(line["reason"]?["message"] == "\u{0}\u{7f}")
  }

  @Test("a rejected result has the errors in place of the lines")
  func rejected() throws {
    var header = Self.header
    header.status = .rejected
    header.summary = ResultSummary()
    header.requestID = nil
    header.batchID = nil
    let problem = Problem(
      .duplicateInstruction, pointer: "/creditInstructions/17/instructionID", byteOffset: 812, "it is there twice")
    let rejection = try #require(Rejection([problem, Problem(.schema, "x")], errorCount: 5))
    let document = try JSONValue(parsing: ResultEncoder.rejected(header, rejection))
    #expect(document["status"] == "REJECTED")
    #expect(document["batchID"] == nil)
    #expect(document["results"] == nil)
    #expect(document["errorCount"] == .number("5"))
    #expect(
      document["errors"]?.elements?.first
        == .object([
          ("code", "duplicate-instruction"), ("iso", "AM05"), ("pointer", "/creditInstructions/17/instructionID"),
          ("byteOffset", .number("812")), ("message", "it is there twice"),
        ]))
    #expect(document["errors"]?.elements?.count == 2)
  }

  @Test("amounts of the summary have the digits of their currency, and totals do not overflow")
  func summary() throws {
    var summary = ResultSummary()
    for (code, units) in [("TND", 1_500), ("KES", 5), ("RWF", Int64.max)] {
      try summary.amounts[#require(Currency(code: code))] = ResultSummary.Amounts(
        succeeded: units, failed: units, pending: 0)
    }
    #expect(
      Self.text(summary.json.serialized()) == """
        {"count":0,"succeeded":0,"failed":0,"pending":0,"amounts":{\
        "KES":{"total":"0.10","succeeded":"0.05","failed":"0.05","pending":"0.00"},\
        "RWF":{"total":"18446744073709551614","succeeded":"9223372036854775807","failed":"9223372036854775807",\
        "pending":"0"},\
        "TND":{"total":"3.000","succeeded":"1.500","failed":"1.500","pending":"0.000"}}}
        """)
  }

  @Test("a result is read back as it was written, in pieces of any size", arguments: [1, 3, 64, 100_000])
  func roundTrip(size: Int) throws {
    var outcomes = Self.outcomes
    outcomes[1].voucher = IssuedVoucher(
      serialNumber: "9000000000000019", voucherNumber: "1234567890123452",
      expiryDate: Timestamp(millisecondsSinceEpoch: 1_795_399_204_001), groupCode: "G")
    outcomes += (0..<50).map { Outcome(instructionID: "J-\($0)", status: .pending, amount: "\"", currency: "X") }
    var header = Self.header
    header.summary.pending = 50
    let bytes = ResultEncoder.head(header) + ResultEncoder.lines(outcomes, isFirst: true) + ResultEncoder.tail()
    let (document, lines) = try Self.read(bytes, push: size)
    #expect(document.header == header)
    #expect(document.lineCount == 52)
    #expect(document.problems.isEmpty)
    #expect(ResultEncoder.lines(lines, isFirst: true) == ResultEncoder.lines(outcomes, isFirst: true))
  }

  @Test("a rejected result is read back as it was written")
  func roundTripOfRejection() throws {
    var header = Self.header
    header.status = .rejected
    let problems = (0..<1_000).map { (index: Int) in
      Problem(.schema, pointer: "/creditInstructions/\(index)", byteOffset: index, "wrong")
    }
    let rejection = try #require(Rejection(problems, errorCount: 4_321))
    let (document, lines) = try Self.read(ResultEncoder.rejected(header, rejection), push: 1_000)
    #expect(document.header == header)
    #expect(document.problems == problems)
    #expect(document.errorCount == 4_321)
    #expect(lines.isEmpty)
  }

  @Test(
    "what is no result is refused",
    arguments: [
      "", "[]", "{}", "{", #"{"results":[{}]}"#, #"{"results":[1]}"#, #"{"results":[{"instructionID":"I"}]}"#,
      #"{"sourceBBID":"s","sourceBBID":"s"}"#, #"{"results":[],"results":[]}"#, #"{"results":[{]}"#,
      #"{"sourceBBID":"s","processorID":"p","revision":1,"status":"DONE","generatedAt":"2026-11-23T02:00:09Z"}"#,
    ])
  func noResult(text: String) {
    #expect(throws: ResultReaderError.self) { try Self.read(Array(text.utf8)) }
  }
}
