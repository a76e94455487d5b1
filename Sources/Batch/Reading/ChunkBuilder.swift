/// Gathers records until a chunk is full.
struct ChunkBuilder: Sendable {
  private let recordsPerChunk: Int
  private let bytesPerChunk: Int
  private var bytes: [UInt8] = []
  private var records: [RecordExtent] = []
  private var firstPosition = 0
  private var arrayPointer = ""
  private var isBareArray = false
  private var headerBefore = PartialHeader()

  init(limits: BatchLimits) {
    recordsPerChunk = max(1, limits.recordsPerChunk)
    bytesPerChunk = limits.bytesPerChunk
  }

  var isFull: Bool { records.count >= recordsPerChunk || bytes.count >= bytesPerChunk }

  mutating func begin(pointer: String, isBareArray: Bool, header: PartialHeader) {
    arrayPointer = pointer
    self.isBareArray = isBareArray
    headerBefore = header
  }

  mutating func add(_ record: UnsafeRawBufferPointer, documentOffset: Int) {
    if records.isEmpty {
      bytes.reserveCapacity(min(bytesPerChunk, recordsPerChunk * 256))
      records.reserveCapacity(recordsPerChunk)
    }
    records.append(RecordExtent(start: bytes.count, count: record.count, documentOffset: documentOffset))
    bytes.append(contentsOf: record)
  }

  /// The chunk so far, and an empty one after it; `nil` when there is none.
  mutating func take() -> RecordChunk? {
    guard let first = records.first else { return nil }
    defer {
      firstPosition += records.count
      bytes = []
      records = []
    }
    return RecordChunk(
      bytes: bytes, records: records, firstPosition: firstPosition, byteOffset: first.documentOffset,
      arrayPointer: arrayPointer, isBareArray: isBareArray, headerBefore: headerBefore)
  }
}
