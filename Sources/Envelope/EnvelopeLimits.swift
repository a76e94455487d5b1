/// What a sealed file may cost before it is refused.
public struct EnvelopeLimits: Hashable, Sendable {
  /// The largest sealed file.
  public var maximumSealedBytes: Int
  /// The largest document after decompression.
  public var maximumDocumentBytes: Int
  /// How many times larger than its compressed form a document may be, checked past the first megabyte.
  public var maximumRatio: Int

  /// Limits for batches of some millions of instructions.
  /// - Parameters:
  ///   - maximumSealedBytes: the largest sealed file.
  ///   - maximumDocumentBytes: the largest document after decompression.
  ///   - maximumRatio: batch JSON compresses up to some 30 times, deflate's own bound is 1,032.
  public init(
    maximumSealedBytes: Int = 4 << 30, maximumDocumentBytes: Int = 16 << 30, maximumRatio: Int = 250
  ) {
    self.maximumSealedBytes = maximumSealedBytes
    self.maximumDocumentBytes = maximumDocumentBytes
    self.maximumRatio = maximumRatio
  }
}
