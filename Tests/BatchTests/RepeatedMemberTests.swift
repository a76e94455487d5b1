import Batch
import Testing

@Suite("Repeated members of an instruction")
struct RepeatedMemberTests {
  @Test(
    "a member that is repeated is an error of the file, told at its second place",
    arguments: [
      #""amount":"1","payeeFunctionalID":"f",#"amount":"1""#,
      #""amount":"1","payeeFunctionalID":"f",#"\u0061mount":"2""#,
      #""amount":"1","payeeFunctionalID":"f",#"instructionID":"I""#,
      #""amount":"1","payeeFunctionalID":"f",#"payeeFunctionalID":"g""#,
      #""amount":"1","payeeFunctionalID":"f","x":1,#"x":1"#,
      #""amount":"1","payeeFunctionalID":"f","x":1,"y":2,#"\u0078":{}"#,
      #""amount":"1","payeeFunctionalID":"f","x":{"a":1,#"a":1}"#,
      #""amount":"1","payee":{"type":"WALLET","id":"w",#"id":"v"}"#,
      #""amount":"1","payee":{"type":"WALLET","id":"w",#"type":"WALLET"}"#,
      #""amount":"1","payee":{"type":"WALLET","x":1,"id":"w",#"x":2}"#,
      #""amount":"1","payee":{"type":"WALLET","id":"w"},#"payee":{"type":"WALLET","id":"w"}"#,
      #""amount":"1","creditParty":[{"key":"alias",#"key":"alias","value":"x"}]"#,
    ])
  func repeated(marked: String) throws {
    // The mark stands where the second name does.
    let prefix = #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":[{"instructionID":"I","#
    let place = try #require(marked.firstIndex(of: "#"))
    let members = marked[..<place] + "\"" + marked[marked.index(after: place)...].drop { $0 == "\"" }
    let reading = DocumentReading(prefix + members + "}]}")
    #expect(reading.instructions.isEmpty)
    #expect(reading.allProblems.map(\.code) == [.malformedJSON])
    #expect(reading.problems.first?.message == "a member is repeated")
    #expect(reading.problems.first?.pointer == "/creditInstructions/0")
    #expect(reading.problems.first?.byteOffset == prefix.utf8.count + marked[..<place].utf8.count)
  }

  @Test("a member of the record and one of its payee may have the same name")
  func sameNameElsewhere() {
    let reading = DocumentReading.credit(
      #"{"instructionID":"I","amount":1,"id":"x","type":"y","payee":{"amount":1,"id":"w","type":"WALLET"}}"#)
    #expect(reading.allProblems.isEmpty)
    #expect(reading.unknownMemberCount == 3)
  }

  @Test("a bare array's name and the document's for the same member are a repetition")
  func bothSpellings() {
    let reading = DocumentReading(
      #"[{"requestId":"I","instructionID":"I","amount":1,"currency":"RWF","payeeFunctionalID":"f"}]"#,
      bareArray: BareArrayIdentity(batchID: "B", sourceBBID: "s"))
    #expect(reading.problems.map(\.code) == [.malformedJSON])
  }
}
