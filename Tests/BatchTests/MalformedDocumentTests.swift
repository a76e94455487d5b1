import Batch
import Testing

@Suite("Documents that are no JSON")
struct MalformedDocumentTests {
  private static let record = #"{"instructionID":"I","payeeFunctionalID":"f","amount":1}"#
  private static let open = #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":["#

  @Test(
    "a broken frame stops the reading at its place",
    arguments: [
      ("", 0), (" \n", 2), ("x", 0), ("7", 0), ("\"\"", 0), ("{", 1), ("{x", 1), ("{,", 1), (#"{"a" 1"#, 5),
      (#"{"a":}"#, 5), (#"{"a":,"#, 5), (#"{"a":1 "b":2}"#, 7), (#"{"a":1,}"#, 7), (#"{"a":1]"#, 6),
      (#"{"a":1}}"#, 7), (#"{"a":1} x"#, 8), (#"{"a\q":1}"#, 3), ("{\"a\u{1}\":1}", 3), (#"{"a":"b"#, 7),
      (#"{"\ud800":1}"#, 2),
    ])
  func frame(document: String, offset: Int) {
    let rejection = DocumentReading(document).rejection
    #expect(rejection?.problems.first?.code == .malformedJSON)
    #expect(rejection?.problems.first?.byteOffset == offset)
  }

  @Test(
    "between records only a comma stands",
    arguments: [
      (",", 0), ("}", 0), ("\(record),", 1), ("\(record),]", 1), ("\(record),,\(record)", 1),
      ("\(record)\(record)", 1), ("\(record)}", 1), ("\(record):", 1), ("\(record) x", 1),
    ] as [(String, Int)])
  func betweenRecords(records: String, index: Int) {
    let rejection = DocumentReading(Self.open + records + "]}").rejection
    #expect(rejection?.problems.map(\.code) == [.malformedJSON])
    #expect(rejection?.problems.first?.pointer == "/creditInstructions/\(index)")
  }

  @Test("the records before a broken frame are read, and their errors reported")
  func readsOn() {
    let reading = DocumentReading(
      Self.open + #"\#(Self.record),{"instructionID":"J","amount":1},\#(Self.record) \#(Self.record)]}"#)
    #expect(reading.instructions.map(\.position) == [0, 2])
    #expect(reading.problems.map(\.pointer) == ["/creditInstructions/1"])
    #expect(reading.rejection?.problems.map(\.pointer) == ["/creditInstructions/3"])
  }

  @Test("a document that ends early says so, and where")
  func truncated() {
    for ending in [Self.record, "{\"instructionID\":\"I", "{", Self.record + ",", Self.record + "]"] {
      let document = Self.open + ending
      let problem = DocumentReading(document).rejection?.problems.first
      #expect(problem?.code == .malformedJSON)
      #expect(problem?.byteOffset == document.utf8.count)
      #expect(problem?.message == "the document ends before its last bracket")
    }
  }

  @Test("a string that is not closed is told at the place it breaks, not at the document's end")
  func unclosedString() {
    let document = Self.open + #"\#(Self.record),{"instructionID":"J,"amount":1},\#(Self.record)]}"#
    let problem = DocumentReading(document).rejection?.problems.first
    #expect(problem?.pointer == "/creditInstructions/1")
    #expect(problem?.code == .malformedJSON)
    let offset = document.utf8.count - #"amount":1},\#(Self.record)]}"#.utf8.count
    #expect(problem?.byteOffset == offset)
  }

  @Test("a string that is not closed in a large file is told at its place too")
  func unclosedStringInLargeFile() {
    let rest = Array(repeating: Self.record, count: 5_000).joined(separator: ",")
    let document = Self.open + #"{"instructionID":"J,"amount":1},\#(rest)]}"#
    let reading = DocumentReading(document)
    #expect(reading.rejection?.code == .malformedJSON)
    #expect(reading.rejection?.problems.first?.pointer == "/creditInstructions/0")
    #expect(reading.rejection?.problems.first?.byteOffset == Self.open.utf8.count + 21)
  }

  @Test("a byte order mark is told as one")
  func byteOrderMark() {
    for mark in [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]] as [[UInt8]] {
      let problem = DocumentReading(mark + Array("{}".utf8)).rejection?.problems.first
      #expect(problem?.message.contains("byte order mark") == true)
      #expect(problem?.code == .malformedJSON)
    }
  }

  @Test("once thrown, the same rejection is thrown again")
  func sticky() {
    var reader = BatchReader()
    #expect(throws: Rejection.self) { try Array("x".utf8).withUnsafeBytes { try reader.consume($0) { _ in } } }
    #expect(throws: Rejection.self) { try Array("{".utf8).withUnsafeBytes { try reader.consume($0) { _ in } } }
    #expect(throws: Rejection.self) { try reader.finish { _ in } }
  }

  @Test("an error of the receiver of chunks goes through as it is")
  func emitThrows() {
    struct Full: Error {}
    var reader = BatchReader()
    let document = Array((Self.open + Self.record + "]}").utf8)
    #expect(throws: Full.self) { try document.withUnsafeBytes { try reader.consume($0) { _ in throw Full() } } }
  }

  @Test("no message quotes what stands in a string of the document")
  func messagesAreMasked() {
    let secret = "250788123456"
    let documents = [
      Self.open + #"{"instructionID":"I","amount":1,"payee":{"type":"MSISDN\#(secret)","id":"\#(secret)"}}]}"#,
      Self.open + #"{"instructionID":"\#(secret) ","amount":1,"payeeFunctionalID":"f"}]}"#,
      Self.open + #"{"instructionID":"\#(secret)\x","amount":1}]}"#,
      #"{"batchID":"\#(secret) ","sourceBBID":"s","creditInstructions":[1]}"#,
    ]
    for document in documents {
      let problems = DocumentReading(document).allProblems
      #expect(!problems.isEmpty)
      #expect(problems.allSatisfy { !$0.message.contains(secret) })
    }
  }
}
