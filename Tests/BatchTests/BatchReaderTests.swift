import Batch
import Testing

@Suite("Batch documents")
struct BatchReaderTests {
  static let example = """
    {
      "requestID": "REQ-2026-11-22",
      "batchID": "VUP-2026-11-0001",
      "sourceBBID": "social-registry",
      "recipientID": "treasury-disburse",
      "programID": "VUP-DS",
      "currency": "RWF",
      "createdAt": "2026-11-22T01:00:00Z",
      "executeAt": "2026-11-23T02:00:00Z",
      "expiresAt": "2026-11-25T00:00:00Z",
      "control": { "count": 2, "total": "12500.00" },
      "creditInstructions": [
        { "instructionID": "I-000000000001", "payee": { "type": "MSISDN", "id": "250788123456" },
          "amount": "7500.00", "currency": "RWF", "narration": "VUP November" },
        { "instructionID": "I-000000000002", "payeeFunctionalID": "RW-1199880012345678",
          "amount": 5000, "narration": "VUP November" }
      ]
    }
    """

  @Test("the example of the format is read whole")
  func example() throws {
    let reading = DocumentReading(Self.example)
    let frame = try #require(reading.frame)
    let rwf = try #require(Currency(code: "RWF"))
    var header = BatchHeader(batchID: "VUP-2026-11-0001", sourceBBID: "social-registry", kind: .credit)
    header.requestID = "REQ-2026-11-22"
    header.recipientID = "treasury-disburse"
    header.programID = "VUP-DS"
    header.currency = rwf
    header.createdAt = Timestamp(rfc3339: "2026-11-22T01:00:00Z")
    header.executeAt = Timestamp(rfc3339: "2026-11-23T02:00:00Z")
    header.expiresAt = Timestamp(rfc3339: "2026-11-25T00:00:00Z")
    #expect(frame.header == header)
    #expect(frame.count == 2)
    #expect(frame.isWhole)
    #expect(frame.unknownMemberCount == 0)
    #expect(
      reading.instructions == [
        Instruction(
          position: 0, instructionID: "I-000000000001", order: .credit(Payee(kind: .msisdn, id: "250788123456")),
          amount: Money(minorUnits: 7_500, currency: rwf), narration: "VUP November"),
        Instruction(
          position: 1, instructionID: "I-000000000002", order: .creditFunctional(id: "RW-1199880012345678"),
          amount: Money(minorUnits: 5_000, currency: rwf), narration: "VUP November"),
      ])
    #expect(reading.allProblems.isEmpty)
    #expect(frame.control?.problems(against: reading.totals, batchCurrency: rwf) == [])
  }

  @Test("a push of one byte at a time gives what one push gives")
  func singleBytes() {
    let whole = DocumentReading(Self.example)
    let bytes = DocumentReading(Array(Self.example.utf8), nextPush: { 1 })
    #expect(bytes.frame == whole.frame)
    #expect(bytes.instructions == whole.instructions)
    #expect(bytes.totals == whole.totals)
  }
}
