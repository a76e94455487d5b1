import Batch
import Testing

@Suite("Credit instructions")
struct CreditInstructionTests {
  private func line(_ members: String) -> DocumentReading {
    .credit(#"{"instructionID":"I","amount":"5",\#(members)}"#)
  }

  private func order(_ members: String) -> Instruction.Order? { line(members).instructions.first?.order }

  @Test(
    "every kind of payee is read",
    arguments: [
      ("MSISDN", "250788123456", Payee.Kind.msisdn), ("WALLET", "w-1", .wallet), ("ACCOUNT", "0012 3456", .account),
      ("IBAN", "GB82WEST12345698765432", .iban), ("EMAIL", "a@b.example", .email), ("ALIAS", "Mukamana É.", .alias),
    ])
  func kinds(type: String, id: String, kind: Payee.Kind) {
    #expect(order(#""payee":{"type":"\#(type)","id":"\#(id)"}"#) == .credit(Payee(kind: kind, id: id)))
  }

  @Test("the members of a payee come in any order, and unknown ones are counted")
  func payeeMembers() {
    let reading = line(#""payee":{"name":"x","id":"w","more":{"a":[1,{"b":null}]},"type":"WALLET"}"#)
    #expect(reading.instructions.first?.order == .credit(Payee(kind: .wallet, id: "w")))
    #expect(reading.unknownMemberCount == 2)
  }

  @Test("a leading plus of a MSISDN is dropped")
  func plus() {
    #expect(
      order(#""payee":{"type":"MSISDN","id":"+250788123456"}"#) == .credit(Payee(kind: .msisdn, id: "250788123456")))
  }

  @Test(
    "a MSISDN of the wrong form refuses its line alone",
    arguments: ["0788123456", "1234567", "1234567890123456", "25078812345x", "+", "++250788123456", "250 788 123 456"])
  func malformedMSISDN(id: String) throws {
    let reading = line(#""payee":{"type":"MSISDN","id":"\#(id)"}"#)
    let instruction = try #require(reading.instructions.first)
    #expect(reading.allProblems.isEmpty)
    #expect(instruction.refusal?.code == .payeeNotFound)
    #expect(instruction.refusal?.code.iso == "AC01")
    #expect(instruction.amount?.minorUnits == 5)
  }

  @Test("a refusal's message does not tell the payee")
  func refusalIsMasked() {
    let message = line(#""payee":{"type":"MSISDN","id":"0788123456"}"#).instructions.first?.refusal?.message
    #expect(message?.contains("0788123456") == false)
  }

  @Test("a MSISDN of 8 and of 15 digits is one", arguments: ["12345678", "123456789012345"])
  func boundsOfMSISDN(id: String) {
    #expect(line(#""payee":{"type":"MSISDN","id":"\#(id)"}"#).instructions.first?.refusal == nil)
  }

  @Test(
    "the GSMA spelling is read as a payee",
    arguments: [
      ("msisdn", "+250788123456", Payee(kind: .msisdn, id: "250788123456")),
      ("MSISDN", "250788123456", Payee(kind: .msisdn, id: "250788123456")),
      ("accountid", "1", Payee(kind: .account, id: "1")), ("account", "1", Payee(kind: .account, id: "1")),
      ("walletid", "1", Payee(kind: .wallet, id: "1")), ("wallet", "1", Payee(kind: .wallet, id: "1")),
      ("emailaddress", "a@b", Payee(kind: .email, id: "a@b")), ("email", "a@b", Payee(kind: .email, id: "a@b")),
      ("iban", "GB82", Payee(kind: .iban, id: "GB82")), ("alias", "x", Payee(kind: .alias, id: "x")),
    ])
  func creditParty(key: String, value: String, payee: Payee) {
    #expect(order(#""creditParty":[{"key":"\#(key)","value":"\#(value)"}]"#) == .credit(payee))
  }

  @Test(
    "a payee that is not what the format says is an error of the file",
    arguments: [
      (#""payee":"x""#, "/payee"), (#""payee":{}"#, "/payee/id"), (#""payee":{"type":"WALLET"}"#, "/payee/id"),
      (#""payee":{"id":"x"}"#, "/payee/type"), (#""payee":{"type":"wallet","id":"x"}"#, "/payee/type"),
      (#""payee":{"type":1,"id":"x"}"#, "/payee/type"), (#""payee":{"type":"WALLET","id":1}"#, "/payee/id"),
      (#""payee":{"type":"WALLET","id":""}"#, "/payee/id"),
      (#""payee":{"type":"WALLET","id":"a\u0000b"}"#, "/payee/id"),
      (#""payee":{"type":"WALLET","id":"1234567890123456789012345678901234x"}"#, "/payee/id"),
      (#""payeeFunctionalID":"123456789012345678901""#, "/payeeFunctionalID"),
      (#""payeeFunctionalID":"""#, "/payeeFunctionalID"), (#""payeeFunctionalID":null"#, "/payeeFunctionalID"),
      (#""creditParty":{}"#, "/creditParty"), (#""creditParty":[]"#, "/creditParty"),
      (#""creditParty":[{"key":"msisdn","value":"250788123456"},{"key":"alias","value":"x"}]"#, "/creditParty"),
      (#""creditParty":[{"key":"shoe","value":"44"}]"#, "/creditParty/0/key"),
      (#""creditParty":[{"key":"alias"}]"#, "/creditParty/0/value"),
      (#""creditParty":[{"key":"alias","value":""}]"#, "/creditParty/0/value"),
      (#""payee":{"type":"WALLET","id":"x"},"payeeFunctionalID":"f""#, ""),
      (#""payeeFunctionalID":"f","creditParty":[{"key":"alias","value":"x"}]"#, ""),
      (#""narration":"nobody""#, ""),
    ])
  func wrongPayee(members: String, pointer: String) {
    let reading = line(members)
    #expect(reading.instructions.isEmpty)
    #expect(reading.allProblems.first?.code == .schema)
    #expect(reading.allProblems.first?.pointer == "/creditInstructions/0\(pointer)")
  }

  @Test("a payee's identifier may have 34 characters of any script")
  func longestPayee() {
    let id = String(repeating: "é", count: 34)
    #expect(order(#""payee":{"type":"ALIAS","id":"\#(id)"}"#) == .credit(Payee(kind: .alias, id: id)))
  }

  @Test(
    "an instructionID outside the format is an error of the file",
    arguments: [
      #""instructionID":"""#, #""instructionID":"a b""#, #""instructionID":"é""#, #""instructionID":"a/b""#,
      #""instructionID":"1234567890123456789012345678901234567""#, #""instructionID":17"#, #""x":1"#,
      #""instructionID":"\u212A""#, #""instructionID":"a\u0000""#, #""instructionID":null"#, #""instructionId":"a""#,
    ])
  func instructionID(member: String) {
    let reading = DocumentReading.credit(#"{\#(member),"amount":"5","payeeFunctionalID":"f"}"#)
    #expect(reading.instructions.isEmpty)
    #expect(reading.allProblems.map(\.code) == [.schema])
    #expect(reading.allProblems.first?.pointer == "/creditInstructions/0/instructionID")
  }

  @Test("every character that an instructionID may have is taken")
  func charset() {
    for id in ["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "abcdefghijklmnopqrstuvwxyz._:-", "a"] {
      let reading = DocumentReading.credit(#"{"instructionID":"\#(id)","amount":"5","payeeFunctionalID":"f"}"#)
      #expect(reading.instructions.map(\.instructionID) == [id])
    }
  }

  @Test("no other character of ASCII is taken in an instructionID")
  func charsetComplement() {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-".unicodeScalars)
    for code in UInt8(0x20)..<0x80 where !allowed.contains(Unicode.Scalar(code)) {
      let hex = String(code, radix: 16)
      let id = "\\u00" + (hex.count == 1 ? "0" : "") + hex
      let reading = DocumentReading.credit(#"{"instructionID":"\#(id)","amount":"5","payeeFunctionalID":"f"}"#)
      #expect(reading.problems.map(\.code) == [.schema], "character \(code)")
    }
  }

  @Test("escapes in names and values are read as what they stand for")
  func escapes() {
    let reading = DocumentReading.credit(
      #"{"\u0069nstructionID":"I\u002d1","am\u006funt":"5","payeeFunctionalID":"\ud83d\ude00","narration":"a\"\\\/\n"}"#
    )
    #expect(reading.instructions.first?.instructionID == "I-1")
    #expect(reading.instructions.first?.order == .creditFunctional(id: "😀"))
    #expect(reading.instructions.first?.narration == "a\"\\/\n")
  }

  @Test("a narration of 160 characters of any script is taken, one of 161 is an error of the file")
  func narration() {
    let longest = String(repeating: "語", count: 160)
    #expect(line(#""payeeFunctionalID":"f","narration":"\#(longest)""#).instructions.first?.narration == longest)
    let reading = line(#""payeeFunctionalID":"f","narration":"\#(longest)x""#)
    #expect(reading.problems.first?.pointer == "/creditInstructions/0/narration")
  }

  @Test("narrations that differ stay with their lines")
  func narrations() {
    let texts = ["same", "same", "sane", "", "same", "sam", "sa\\u006de"]
    let records = texts.map { #"{"instructionID":"I","amount":"5","payeeFunctionalID":"f","narration":"\#($0)"}"# }
    let reading = DocumentReading(
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":[\#(records.joined(separator: ","))]}"#)
    #expect(reading.instructions.map(\.narration) == ["same", "same", "sane", "", "same", "sam", "same"])
  }

  @Test("unknown members are ignored and counted, whatever they hold")
  func unknownMembers() {
    let reading = line(
      #""payeeFunctionalID":"f","groupCode":"g","x":{"instructionID":"no","deep":[[],{}]},"y":[1,"]}"],"requestId":"r""#
    )
    #expect(reading.instructions.first?.instructionID == "I")
    #expect(reading.unknownMemberCount == 4)
  }

  @Test("all errors of a record are reported, and the others are read")
  func allErrors() {
    let reading = DocumentReading.credit(
      #"{"instructionID":"A","amount":"5","payeeFunctionalID":"f"}"#,
      #"{"instructionID":" ","amount":null,"narration":1}"#,
      #"7"#,
      #"{"instructionID":"B","amount":"5","payeeFunctionalID":"f",}"#,
      #"{"instructionID":"C","amount":"5","payeeFunctionalID":"f"}"#)
    #expect(reading.instructions.map(\.instructionID) == ["A", "C"])
    #expect(reading.instructions.map(\.position) == [0, 4])
    #expect(
      reading.problems.map(\.pointer) == [
        "/creditInstructions/1/instructionID", "/creditInstructions/1/narration", "/creditInstructions/1/amount",
        "/creditInstructions/1", "/creditInstructions/2", "/creditInstructions/3",
      ])
    #expect(reading.problems.map(\.code) == [.schema, .schema, .schema, .schema, .schema, .malformedJSON])
  }

  @Test("a problem's byte offset is the place in the opened document")
  func byteOffset() throws {
    let document =
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":[ {"instructionID":"I", "# + #"""
        "amount":"5","payeeFunctionalID":"f"},   {"instructionID":"I2","amount":!5,"payeeFunctionalID":"f"}]}
        """#
    let problem = try #require(DocumentReading(document).problems.first)
    let offset = try #require(problem.byteOffset)
    #expect(Array(document.utf8)[offset] == UInt8(ascii: "!"))
    #expect(problem.code == .malformedJSON)
  }

  @Test("a line in credit instructions keeps an amount refusal over a payee refusal")
  func twoRefusals() {
    let reading = DocumentReading.credit(#"{"instructionID":"I","payee":{"type":"MSISDN","id":"1"},"amount":"x"}"#)
    #expect(reading.instructions.first?.refusal?.code == .invalidAmount)
  }
}
