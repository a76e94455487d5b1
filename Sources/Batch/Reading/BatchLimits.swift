/// The bounds of a batch document. What is over one of them is rejected as `batch-too-large`.
public struct BatchLimits: Hashable, Sendable {
  /// Entries of the instruction array.
  public var maximumInstructions = 10_000_000
  /// Bytes of the opened document.
  public var maximumDocumentBytes = 16 << 30
  /// Bytes of one instruction.
  public var maximumRecordBytes = 65_536
  /// Bytes of all members besides the instruction array.
  public var maximumHeaderBytes = 1 << 20
  /// Objects and arrays within one another, the document itself counted.
  public var maximumDepth = 32
  /// Instructions in one chunk.
  public var recordsPerChunk = 1_000
  /// Bytes after which a chunk is full though it has fewer records.
  public var bytesPerChunk = 1 << 20

  /// The default bounds.
  public init() {}
}
