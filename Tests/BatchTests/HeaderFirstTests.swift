import Batch
import Testing

@Suite("Reading the header alone")
struct HeaderFirstTests {
  private static let records = (0..<50).map {
    #"{"instructionID":"I-\#($0)","payeeFunctionalID":"}]{[\\\"","amount":1}"#
  }.joined(separator: ",\n")

  private func header(_ document: String, push: Int = .max) throws -> BatchFrame {
    var reader = BatchReader(mode: .headerOnly)
    let bytes = Array(document.utf8)
    for start in stride(from: 0, to: bytes.count, by: min(push, bytes.count)) {
      try bytes[start..<min(bytes.count, start + min(push, bytes.count))].withUnsafeBytes {
        try reader.consume($0) { _ in Issue.record("a chunk was handed on") }
      }
    }
    return try reader.finish { _ in Issue.record("a chunk was handed on") }
  }

  @Test("members that stand after the array are read, and the records are counted", arguments: [1, 7, 4_096])
  func membersAfter(push: Int) throws {
    let frame = try header(
      #"{"creditInstructions":[\#(Self.records)],"currency":"RWF","sourceBBID":"s","batchID":"B"}"#, push: push)
    #expect(frame.header.currency?.code == "RWF")
    #expect(frame.header.batchID == "B")
    #expect(frame.count == 50)
    #expect(frame.isWhole)
  }

  @Test("a chunk tells which members stood before the array")
  func headerBefore() {
    let early = DocumentReading(
      #"{"currency":"RWF","batchID":"B","sourceBBID":"s","creditInstructions":[\#(Self.records)]}"#)
    let late = DocumentReading(
      #"{"batchID":"B","sourceBBID":"s","creditInstructions":[\#(Self.records)],"currency":"RWF"}"#)
    #expect(early.chunksBeforeCurrency == 0)
    #expect(late.chunksBeforeCurrency == 1)
    #expect(late.instructions == early.instructions)
  }

  @Test("reading may stop at the array once everything that decides was seen")
  func stopsEarly() throws {
    var reader = BatchReader(mode: .headerOnly)
    let beginning = """
      {"requestID":"Q","batchID":"B","sourceBBID":"s","recipientID":"r","programID":"P","currency":"RWF",
       "executeAt":"2026-11-23T02:00:00Z","expiresAt":"2026-11-25T00:00:00Z","creditInstructions":
      """
    try Array(beginning.utf8).withUnsafeBytes { try reader.consume($0) { _ in } }
    #expect(!reader.headerIsComplete)
    try Array("[{".utf8).withUnsafeBytes { try reader.consume($0) { _ in } }
    #expect(reader.headerIsComplete)
    let frame = try reader.finish { _ in }
    #expect(frame.header.programID == "P")
    #expect(!frame.isWhole)
  }

  @Test("a header that stopped early still throws its errors")
  func stopsEarlyWithErrors() throws {
    var reader = BatchReader(mode: .headerOnly)
    let beginning = """
      {"requestID":1,"batchID":"B","sourceBBID":"s","recipientID":"r","programID":"P","currency":"RWF",
       "executeAt":"2026-11-23T02:00:00Z","expiresAt":"2026-11-25T00:00:00Z","creditInstructions":[
      """
    try Array(beginning.utf8).withUnsafeBytes { try reader.consume($0) { _ in } }
    #expect(throws: Rejection.self) { try reader.finish { _ in } }
  }

  @Test("a document that ends early is refused unless the header is complete")
  func truncated() {
    #expect(throws: Rejection.self) { try header(#"{"batchID":"B","creditInstructions":[{}"#) }
  }

  @Test("the errors of the frame are found without looking into records")
  func frameErrors() {
    #expect(throws: Rejection.self) { try header(#"{"batchID":"B","sourceBBID":"s","creditInstructions":[{},]}"#) }
  }
}
