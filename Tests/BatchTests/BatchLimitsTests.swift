import Batch
import Testing

@Suite("Limits of a batch document")
struct BatchLimitsTests {
  private static func document(_ count: Int, padding: String = "") -> String {
    let records = (0..<count).map {
      #"{"instructionID":"I-\#($0)","payeeFunctionalID":"f","amount":1,"x":"\#(padding)"}"#
    }
    return
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":[\#(records.joined(separator: ","))]}"#
  }

  @Test("as many instructions as the limit are read, one more is too large")
  func instructions() {
    var limits = BatchLimits()
    limits.maximumInstructions = 3
    #expect(DocumentReading(Self.document(3), limits: limits).instructions.count == 3)
    let reading = DocumentReading(Self.document(4), limits: limits)
    #expect(reading.rejection?.code == .batchTooLarge)
    #expect(reading.rejection?.problems.first?.pointer == "/creditInstructions/3")
    #expect(reading.instructions.count == 3)
  }

  @Test("a document as large as the limit is read, a byte more is too large")
  func documentBytes() {
    let document = Self.document(2)
    var limits = BatchLimits()
    limits.maximumDocumentBytes = document.utf8.count
    #expect(DocumentReading(document, limits: limits).frame != nil)
    #expect(DocumentReading(document + " ", limits: limits).rejection?.code == .batchTooLarge)
  }

  @Test(
    "a record as large as the limit is read, a byte more is too large, however it arrives", arguments: [1, 100_000])
  func recordBytes(push: Int) {
    var limits = BatchLimits()
    limits.maximumRecordBytes = 100
    let empty = #"{"instructionID":"I-0","payeeFunctionalID":"f","amount":1,"x":""}"#.utf8.count
    let fit = Self.document(1, padding: String(repeating: "p", count: 100 - empty))
    let over = Self.document(1, padding: String(repeating: "p", count: 101 - empty))
    #expect(DocumentReading(Array(fit.utf8), limits: limits, nextPush: { push }).instructions.count == 1)
    let rejection = DocumentReading(Array(over.utf8), limits: limits, nextPush: { push }).rejection
    #expect(rejection?.code == .batchTooLarge)
    #expect(rejection?.problems.first?.pointer == "/creditInstructions/0")
  }

  @Test("a header over the limit is too large")
  func headerBytes() {
    var limits = BatchLimits()
    limits.maximumHeaderBytes = 1_000
    let document = Self.document(1).replacing(
      "{\"batchID\"", with: #"{"x":"\#(String(repeating: "p", count: 1_000))","batchID""#)
    #expect(DocumentReading(document, limits: limits).rejection?.code == .batchTooLarge)
  }

  @Test("values are nested as deep as the limit and no deeper, in records and in the header")
  func depth() {
    var limits = BatchLimits()
    limits.maximumDepth = 8
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    func record(_ levels: Int) -> String {
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":["# + #"""
        {"instructionID":"I","payeeFunctionalID":"f","amount":1,"x":\#(nested(levels))}]}
        """#
    }
    // The document, the array and the record are three levels.
    #expect(DocumentReading(record(5), limits: limits).allProblems.isEmpty)
    #expect(DocumentReading(record(6), limits: limits).problems.map(\.code) == [.malformedJSON])
    func header(_ levels: Int) -> String {
      Self.document(1).replacing("{\"batchID\"", with: #"{"x":\#(nested(levels)),"batchID""#)
    }
    #expect(DocumentReading(header(7), limits: limits).allProblems.isEmpty)
    #expect(DocumentReading(header(8), limits: limits).rejection?.code == .malformedJSON)
  }

  @Test("a payee is one level more, also when it is read as such")
  func depthOfPayee() {
    let document =
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","creditInstructions":["# + #"""
        {"instructionID":"I","payee":{"type":"WALLET","id":"w"},"amount":1}]}
        """#
    var limits = BatchLimits()
    limits.maximumDepth = 4
    #expect(DocumentReading(document, limits: limits).instructions.count == 1)
    limits.maximumDepth = 3
    #expect(DocumentReading(document, limits: limits).problems.map(\.code) == [.malformedJSON])
  }

  @Test("brackets by the hundred thousand are refused without a deep stack")
  func bomb() {
    let document = #"{"x":"# + String(repeating: "[", count: 500_000)
    #expect(DocumentReading(document).rejection != nil)
    let record = #"{"creditInstructions":["# + String(repeating: "[", count: 500_000)
    #expect(DocumentReading(record).rejection != nil)
  }

  @Test("a chunk has as many records as it may, the last has the rest")
  func chunks() {
    var limits = BatchLimits()
    limits.recordsPerChunk = 4
    let reading = DocumentReading(Self.document(10), limits: limits)
    #expect(reading.chunkSizes == [4, 4, 2])
    #expect(reading.instructions.map(\.position) == Array(0..<10))
  }

  @Test("a chunk of large records is full before it has as many")
  func chunkBytes() {
    var limits = BatchLimits()
    limits.bytesPerChunk = 1_000
    let reading = DocumentReading(Self.document(10, padding: String(repeating: "p", count: 600)), limits: limits)
    #expect(reading.chunkSizes == [2, 2, 2, 2, 2])
  }

  @Test("a rejection lists a thousand errors and counts all")
  func manyErrors() {
    let document =
      #"{"batchID":"B","sourceBBID":"s","creditInstructions":["#
      + (0..<1_500).map { _ in "{}" }.joined(separator: ",") + "]}"
    var limits = BatchLimits()
    limits.recordsPerChunk = 10_000
    var reader = BatchReader(limits: limits)
    var chunks: [RecordChunk] = []
    var header = BatchHeader(batchID: "B", sourceBBID: "s", kind: .credit)
    header.currency = Currency(code: "RWF")
    do {
      try Array(document.utf8).withUnsafeBytes { try reader.consume($0) { chunks.append($0) } }
    } catch {
      Issue.record(error)
    }
    let decoded = chunks.map { InstructionReader(header: header).decode($0) }
    #expect(decoded.map(\.problems.count) == [1_000])
    #expect(decoded.map(\.problemCount) == [4_500])
  }
}
