import Batch

/// Everything that reading one document gives.
struct DocumentReading {
  var frame: BatchFrame?
  var rejection: Rejection?
  var instructions: [Instruction] = []
  var problems: [Problem] = []
  var totals = ControlTotals()
  var unknownMemberCount = 0
  var chunkSizes: [Int] = []
  var chunksBeforeCurrency = 0

  /// All errors, of records and of the frame.
  var allProblems: [Problem] { problems + (rejection?.problems ?? []) }

  /// Reads `document` in pushes of the sizes that `nextPush` gives, and decodes it with the currency it has.
  init(
    _ document: [UInt8], limits: BatchLimits = BatchLimits(), bareArray: BareArrayIdentity? = nil,
    nextPush: () -> Int = { .max }
  ) {
    var chunks: [RecordChunk] = []
    var reader = BatchReader(limits: limits, bareArray: bareArray)
    do {
      var start = 0
      while start < document.count {
        let end = start + min(document.count - start, max(1, nextPush()))
        try document[start..<end].withUnsafeBytes { bytes in
          try reader.consume(bytes) { chunks.append($0) }
        }
        start = end
      }
      frame = try reader.finish { chunks.append($0) }
    } catch {
      rejection = error as? Rejection
    }
    chunkSizes = chunks.map(\.count)
    chunksBeforeCurrency = chunks.count { !$0.headerBefore.allowsReadingInstructions }
    let header = frame?.header ?? Self.header(reader.headerSoFar)
    for chunk in chunks {
      let decoded = InstructionReader(header: header, limits: limits).decode(chunk)
      instructions += decoded.instructions
      problems += decoded.problems
      totals.merge(decoded.totals)
      unknownMemberCount += decoded.unknownMemberCount
    }
  }

  init(_ document: String, limits: BatchLimits = BatchLimits(), bareArray: BareArrayIdentity? = nil) {
    self.init(Array(document.utf8), limits: limits, bareArray: bareArray)
  }

  /// A batch of credit instructions in RWF, each a JSON text.
  static func credit(_ records: String..., header: String = #""currency":"RWF","#) -> DocumentReading {
    DocumentReading(
      #"{"batchID":"B","sourceBBID":"s",\#(header)"creditInstructions":[\#(records.joined(separator: ","))]}"#)
  }

  /// A batch of voucher instructions in RWF, each a JSON text.
  static func voucher(_ records: String...) -> DocumentReading {
    DocumentReading(
      #"{"batchID":"B","sourceBBID":"s","currency":"RWF","voucherInstructions":[\#(records.joined(separator: ","))]}"#)
  }

  private static func header(_ partial: PartialHeader) -> BatchHeader {
    var header = BatchHeader(batchID: "?", sourceBBID: "?", kind: partial.kind ?? .credit)
    header.currency = partial.currency
    return header
  }
}

/// A small generator with a seed, so that a failure can be seen again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
