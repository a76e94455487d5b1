import Batch
import Testing

@Suite("The bare array of the GovStack bulk payment call")
struct BareArrayTests {
  static let document = """
    [ {"requestId":"R-1","creditParty":[{"key":"msisdn","value":"+250788123456"}],"paymentMode":"mobile",
       "amount":"100.50","currency":"KES","descriptionText":"school"},
      {"requestId":"R-2","payeeFunctionalID":"f","amount":7} ]
    """

  private var identity: BareArrayIdentity {
    var identity = BareArrayIdentity(batchID: "B-7", sourceBBID: "registry")
    identity.programID = "P"
    identity.requestID = "Q"
    identity.currency = Currency(code: "RWF")
    return identity
  }

  @Test("its header comes from beside the document")
  func header() throws {
    let frame = try #require(DocumentReading(Self.document, bareArray: identity).frame)
    var header = BatchHeader(batchID: "B-7", sourceBBID: "registry", kind: .credit)
    header.programID = "P"
    header.requestID = "Q"
    header.currency = Currency(code: "RWF")
    #expect(frame.header == header)
    #expect(frame.count == 2)
    #expect(frame.control == nil)
  }

  @Test("its spelling of the members is read")
  func members() throws {
    let reading = DocumentReading(Self.document, bareArray: identity)
    let kes = try #require(Currency(code: "KES"))
    let rwf = try #require(Currency(code: "RWF"))
    #expect(
      reading.instructions == [
        Instruction(
          position: 0, instructionID: "R-1", order: .credit(Payee(kind: .msisdn, id: "250788123456")),
          amount: Money(minorUnits: 10_050, currency: kes), narration: "school"),
        Instruction(
          position: 1, instructionID: "R-2", order: .creditFunctional(id: "f"),
          amount: Money(minorUnits: 7, currency: rwf)),
      ])
    #expect(reading.unknownMemberCount == 0)
  }

  @Test("its pointers have no member name")
  func pointers() {
    let reading = DocumentReading(#"[{"amount":1,"payeeFunctionalID":"f"}]"#, bareArray: identity)
    #expect(reading.problems.map(\.pointer) == ["/0/requestId"])
  }

  @Test("it is refused when nobody says who sends it")
  func withoutIdentity() {
    let rejection = DocumentReading(Self.document).rejection
    #expect(rejection?.problems.map(\.code) == [.schema])
    #expect(rejection?.problems.first?.byteOffset == 0)
  }

  @Test("an empty one is refused")
  func empty() {
    #expect(DocumentReading("[]", bareArray: identity).rejection?.code == .schema)
  }

  @Test("what follows it is an error")
  func trailing() {
    #expect(DocumentReading(Self.document + "]", bareArray: identity).rejection?.code == .malformedJSON)
  }

  @Test("its header is complete at once")
  func complete() throws {
    var reader = BatchReader(bareArray: identity, mode: .headerOnly)
    try [UInt8](" [".utf8).withUnsafeBytes { try reader.consume($0) { _ in } }
    #expect(reader.headerIsComplete)
  }
}
