import Batch
import Envelope

/// Reads what must be known of a document before its instructions can be: the batch's ID, its sender, its kind and its
/// currency.
///
/// Encoders that sort keys put `creditInstructions` before `currency`, so the instructions are skipped where they come
/// first; otherwise no more is read than is needed, and other members are still absent from the header.
struct HeaderPass: Sendable {
  private struct Complete: Error {}

  /// What was seen, whole or not.
  let seen: PartialHeader
  /// Why the document can't be a batch, as far as its header tells; `nil` when it can.
  let rejection: Rejection?

  /// The header; throws the rejection.
  var header: BatchHeader {
    get throws {
      if let rejection { throw rejection }
      guard let header = seen.header else { throw Rejection(Problem(.schema, "the batch has no header")) }
      return header
    }
  }

  static func read(_ sealed: SealedFile, limits: BatchLimits, bareArray: BareArrayIdentity?) async throws -> HeaderPass
  {
    try await blocking {
      var reader = BatchReader(limits: limits, bareArray: bareArray, mode: .headerOnly)
      do {
        _ = try sealed.readDocument { bytes in
          try reader.consume(bytes) { _ in }
          // What was read is authentic since the first pass; the pass that reads the instructions proves itself whole.
          if reader.headerSoFar.allowsReadingInstructions, reader.headerSoFar.header != nil { throw Complete() }
        }
        _ = try reader.finish { _ in }
      } catch is Complete {
        // The rest is read with the instructions.
      } catch let rejection as Rejection {
        return HeaderPass(seen: reader.headerSoFar, rejection: rejection)
      } catch let error as EnvelopeError {
        guard let rejection = error.asRejection else { throw error }
        return HeaderPass(seen: reader.headerSoFar, rejection: rejection)
      }
      return HeaderPass(seen: reader.headerSoFar, rejection: nil)
    }
  }
}
