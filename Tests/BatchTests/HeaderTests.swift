import Batch
import Testing

@Suite("The header of a batch")
struct HeaderTests {
  private static let array = #""creditInstructions":[{"instructionID":"I","payeeFunctionalID":"f","amount":1}]"#

  private func read(_ members: String, array: String = array) -> DocumentReading {
    DocumentReading(#"{"batchID":"B","sourceBBID":"s","currency":"RWF",\#(members)\#(array)}"#)
  }

  @Test(
    "a member that is not what the format says is an error at its place",
    arguments: [
      (#""requestID":1,"#, "/requestID"), (#""requestID":"","#, "/requestID"),
      (#""recipientID":null,"#, "/recipientID"), (#""programID":"123456789012345678901","#, "/programID"),
      (#""programID":"a\u0007b","#, "/programID"), (#""createdAt":"2026-11-22","#, "/createdAt"),
      (#""executeAt":1795399204,"#, "/executeAt"), (#""expiresAt":"2026-02-30T00:00:00Z","#, "/expiresAt"),
      (#""control":2,"#, "/control"), (#""control":{"count":"2"},"#, "/control/count"),
      (#""control":{"count":-1},"#, "/control/count"), (#""control":{"count":1.5},"#, "/control/count"),
      (#""control":{"total":"1e3"},"#, "/control/total"), (#""control":{"total":true},"#, "/control/total"),
      (#""control":{"total":{"RWX":"1"}},"#, "/control/total"),
      (#""control":{"total":{"RWF":"x"}},"#, "/control/total/RWF"),
      (#""voucherInstructions":7,"#, "/voucherInstructions"),
    ])
  func schema(member: String, pointer: String) {
    let rejection = read(member).rejection
    #expect(rejection?.problems.map(\.code) == [.schema])
    #expect(rejection?.problems.first?.pointer == pointer)
    #expect(rejection?.problems.first?.byteOffset != nil)
  }

  @Test(
    "batchID and sourceBBID are required, within their lengths and characters",
    arguments: [
      (#""sourceBBID":"s""#, "/batchID"), (#""batchID":"B""#, "/sourceBBID"),
      (#""batchID":"a b","sourceBBID":"s""#, "/batchID"), (#""batchID":"","sourceBBID":"s""#, "/batchID"),
      (#""batchID":"é","sourceBBID":"s""#, "/batchID"),
      (#""batchID":"123456789012345678901234567890123456789012345678901","sourceBBID":"s""#, "/batchID"),
      (#""batchID":"B","sourceBBID":"123456789012345678901""#, "/sourceBBID"),
      (#""batchID":7,"sourceBBID":"s""#, "/batchID"),
    ])
  func required(members: String, pointer: String) {
    let rejection = DocumentReading(#"{\#(members),"currency":"RWF",\#(Self.array)}"#).rejection
    #expect(rejection?.problems.map(\.pointer) == [pointer])
    #expect(rejection?.code == .schema)
  }

  @Test("lengths count characters, not bytes, and their bounds are within")
  func longest() {
    let fifty = String(repeating: "語", count: 50)
    let frame = read(#""requestID":"\#(fifty)","recipientID":"\#(fifty)","programID":"éééééééééééééééééééé","#).frame
    #expect(frame?.header.requestID == fifty)
    #expect(frame?.header.recipientID == fifty)
  }

  @Test("a batch currency that is not of ISO 4217 is an error")
  func currency() {
    let reading = DocumentReading(#"{"batchID":"B","sourceBBID":"s","currency":"XYZ",\#(Self.array)}"#)
    #expect(reading.rejection?.problems.map(\.pointer) == ["/currency"])
  }

  @Test("all errors of the header are reported, in the document's order")
  func allErrors() {
    let reading = DocumentReading(
      #"{"requestID":1,\#(Self.array),"currency":"XYZ","createdAt":"x","x":[1,],"requestID":"r"}"#)
    #expect(
      reading.rejection?.problems.map(\.pointer)
        == ["/requestID", "/currency", "/createdAt", "/x", "/requestID", "/batchID", "/sourceBBID"])
    #expect(reading.rejection?.errorCount == 7)
  }

  @Test("a member that is repeated is an error, also when it is spelt otherwise")
  func repeated() {
    for member in [#""programID":"a","programID":"a","#, #""x":1,"x":2,"#, #""x":1,"\u0078":2,"#] {
      #expect(read(member).rejection?.problems.map(\.code) == [.malformedJSON])
    }
  }

  @Test("names that only look alike are not a repetition")
  func canonicalEquivalence() {
    #expect(read(#""\u00e9":1,"e\u0301":2,"#).frame?.unknownMemberCount == 2)
  }

  @Test("unknown members are counted and ignored, whatever they hold")
  func unknown() {
    let frame = read(#""x":{"batchID":"no","a":[1,2,{"b":"]}"}]},"y":"\"","z":-1.5e-7,"t":true,"n":null,"#).frame
    #expect(frame?.unknownMemberCount == 5)
    #expect(frame?.header.batchID == "B")
  }

  @Test("a syntax error within an unknown member is an error of the file")
  func malformedUnknown() {
    for value in ["01", "tru", "[1,]", #"{"a":1,"a":2}"#, #""\x""#, "[}", "nul l"] {
      #expect(read(#""x":\#(value),"#).rejection?.code == .malformedJSON, "\(value)")
    }
  }

  @Test("the array's name is the kind of the batch, and there is exactly one")
  func kind() {
    #expect(read("", array: #""creditInstructions":[],"voucherInstructions":[1]"#).rejection?.code == .schema)
    #expect(read("", array: #""x":1"#).rejection?.problems.map(\.message).first?.contains("neither") == true)
    #expect(read(Self.array + ",").rejection?.code == .malformedJSON)
  }

  @Test("an empty array is an error")
  func empty() {
    let rejection = read("", array: #""creditInstructions":[ ]"#).rejection
    #expect(rejection?.problems.map(\.pointer) == ["/creditInstructions"])
    #expect(rejection?.code == .schema)
  }

  @Test("the name of the array may be escaped")
  func escapedArrayName() {
    let reading = read(
      "", array: #""\u0063reditInstructions":[{"instructionID":"I","payeeFunctionalID":"f","amount":1}]"#)
    #expect(reading.instructions.count == 1)
  }

  @Test("a control may be stated in parts, by currency, and with numbers")
  func control() {
    #expect(read(#""control":{},"#).frame?.control == ControlStatement())
    #expect(read(#""control":{"count":1e1},"#).frame?.control == ControlStatement(count: 10))
    #expect(
      read(#""control":{"total":{"RWF":"7.0","KES":1.5e1}},"#).frame?.control
        == ControlStatement(
          total: .byCurrency([
            "RWF": ExactDecimal(coefficient: 7, scale: 0), "KES": ExactDecimal(coefficient: 15, scale: 0),
          ])))
  }
}
