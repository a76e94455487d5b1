/// Reads and checks raw records. Pure, so that chunks are read concurrently.
///
/// What breaks the grammar or the schema is a problem of the file. What only makes one line impossible to execute (its
/// amount, its currency, the form of a phone or serial number) is that line's `refusal`.
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
    chunk.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return DecodedChunk() }
      var decoder = ChunkDecoder(reader: self, chunk: chunk, base: base)
      for index in chunk.records.indices { decoder.decode(index) }
      return decoder.finish()
    }
  }
}
