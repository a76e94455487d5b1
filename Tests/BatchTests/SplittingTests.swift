import Batch
import Testing

@Suite("A document in pieces")
struct SplittingTests {
  /// Texts that would fool a reader that only looks for brackets and quotation marks.
  private static let nasty = [
    "plain", #"}]{[\"\\\\\""#, #"\\"#, #"\\\""#, #"{\"instructionID\":\"x\"},"#, #"\u0022"#, "é語😀", #"\/\n\r\t"#,
    "12345678", "123456\\\"8", "1234567\\\\", "", "],\\\"creditInstructions\\\":[",
  ]

  private static func document(using generator: inout SeededGenerator) -> [UInt8] {
    func space(_ generator: inout SeededGenerator) -> String {
      ["", "", " ", "\n  ", "\t\r\n"].randomElement(using: &generator) ?? ""
    }
    func object(_ members: [String], _ generator: inout SeededGenerator) -> String {
      let shuffled = members.shuffled(using: &generator).map {
        space(&generator) + $0 + space(&generator)
      }
      return "{" + shuffled.joined(separator: ",") + "}"
    }
    let records = (0..<Int.random(in: 1...12, using: &generator)).map { index in
      let text = nasty.randomElement(using: &generator) ?? ""
      let payee = [
        #""payee":{"id":"w\#(index)","type":"WALLET"}"#, #""payeeFunctionalID":"f\#(index)""#,
        #""creditParty": [ {"value":"a","key":"alias"} ]"#,
      ].randomElement(using: &generator)
      let amount = ["\"12.50\"", "7", "1e2", "\"x\"", "0"].randomElement(using: &generator) ?? "1"
      return object(
        [
          #""instructionID" : "I-\#(index)""#, payee ?? "", #""amount":\#(amount)"#, #""narration":"\#(text)""#,
          #""x":[{"a":"\#(text)"},[],null]"#,
        ], &generator)
    }
    let array = records.map { space(&generator) + $0 + space(&generator) }.joined(separator: ",")
    return Array(
      object(
        [
          #""batchID":"B""#, #""sourceBBID":"s""#, #""currency":"KES""#, #""control" : {"count":\#(records.count)}"#,
          #""creditInstructions":[\#(array)]"#, #""note":"\#(nasty.randomElement(using: &generator) ?? "")""#,
          #""more":[[{"creditInstructions":[1,2]}]]"#,
        ], &generator
      ).utf8)
  }

  private func expectSame(_ left: DocumentReading, _ right: DocumentReading, seed: UInt64) {
    #expect(left.frame == right.frame, "seed \(seed)")
    #expect(left.rejection == right.rejection, "seed \(seed)")
    #expect(left.instructions == right.instructions, "seed \(seed)")
    #expect(left.problems == right.problems, "seed \(seed)")
    #expect(left.totals == right.totals, "seed \(seed)")
    #expect(left.unknownMemberCount == right.unknownMemberCount, "seed \(seed)")
  }

  @Test("members in any order, cut anywhere, say the same", arguments: UInt64(1)...150)
  func anyOrderAnyCut(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let document = Self.document(using: &generator)
    let whole = DocumentReading(document)
    #expect(whole.allProblems.isEmpty, "seed \(seed)")
    #expect(whole.frame?.count == whole.instructions.count)
    #expect(whole.frame?.control?.count == whole.instructions.count)
    expectSame(DocumentReading(document, nextPush: { 1 }), whole, seed: seed)
    expectSame(
      DocumentReading(document, nextPush: { .random(in: 1...40, using: &generator) }), whole, seed: seed)
  }

  @Test("a damaged document never traps, and is refused the same however it is cut", arguments: UInt64(1)...400)
  func damaged(seed: UInt64) {
    var generator = SeededGenerator(seed: seed &* 7_919)
    var document = Self.document(using: &generator)
    let bytes = Array("\"\\{}[],:0e-. \u{1}".utf8) + [0x80, 0xE2, 0xFF]
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let index = Int.random(in: 0..<document.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: document.remove(at: index)
      case 1: document.insert(bytes.randomElement(using: &generator) ?? 0, at: index)
      case 2: document[index] = bytes.randomElement(using: &generator) ?? 0
      default: document.removeLast(min(document.count - 1, Int.random(in: 1...30, using: &generator)))
      }
    }
    let whole = DocumentReading(document)
    expectSame(DocumentReading(document, nextPush: { 1 }), whole, seed: seed)
    expectSame(
      DocumentReading(document, nextPush: { .random(in: 1...40, using: &generator) }), whole, seed: seed)
    // Whoever reads the whole as one value agrees on whether it is JSON at all.
    let isJSON = (try? JSONValue(parsing: document)) != nil
    let isMalformed = whole.allProblems.contains { $0.code == .malformedJSON }
    #expect(isJSON != isMalformed, "seed \(seed)")
  }
}
