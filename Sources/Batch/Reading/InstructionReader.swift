/// Reads and checks raw records. Pure, so that chunks are read concurrently.
public struct InstructionReader: Sendable {
  let kind: BatchKind
  let currency: Currency?
  let limits: BatchLimits

  /// A reader for the records of a batch with `header`, of which it needs the kind and the default currency.
  public init(header: BatchHeader, limits: BatchLimits = BatchLimits()) {
    kind = header.kind
    currency = header.currency
    self.limits = limits
  }

  /// What the records of a chunk say.
  public func decode(_ chunk: RecordChunk) -> DecodedChunk {
    DecodedChunk()
  }
}
