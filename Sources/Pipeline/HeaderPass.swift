import Batch
import Envelope

/// Reads what must be known of a document before its instructions can be: the batch's ID, its sender, its kind and its
/// currency.
///
/// Encoders that sort keys put `creditInstructions` before `currency`, so the instructions are skipped where they come
/// first; otherwise no more is read than is needed, and other members are still absent from the header.
enum HeaderPass {
  private struct Complete: Error {}

  static func read(_ sealed: SealedFile, limits: BatchLimits, bareArray: BareArrayIdentity?) async throws -> BatchHeader
  {
    try await EnvelopeError.rejecting {
      try await blocking { try readNow(sealed, limits: limits, bareArray: bareArray) }
    }
  }

  private static func readNow(_ sealed: SealedFile, limits: BatchLimits, bareArray: BareArrayIdentity?) throws
    -> BatchHeader
  {
    var reader = BatchReader(limits: limits, bareArray: bareArray, mode: .headerOnly)
    do {
      _ = try sealed.readDocument { bytes in
        try reader.consume(bytes) { _ in }
        // What was read is authentic since the first pass; the pass that reads the instructions proves itself whole.
        if reader.headerSoFar.allowsReadingInstructions, reader.headerSoFar.header != nil { throw Complete() }
      }
    } catch is Complete {
      if let header = reader.headerSoFar.header { return header }
    }
    return try reader.finish { _ in }.header
  }
}
