import Cryptography
import Wallet

/// Derives the references of one batch's instructions.
///
/// A reference has the form of a v4 UUID (RFC 9562 §5.4; platforms check the bits), but nothing of it is drawn:
///
///     bytes 0–3   from the batch          bytes 4–7   version, upper 28 bits of the position
///     byte  8     variant, lower 4 bits of the position, then 58 bits from everything to byte 15
///
/// so that the same attempt has the same reference after any crash, and references sort as the batch does.
struct ReferenceScheme: Sendable {
  private let batchDigest: [UInt8]

  /// The scheme of the batch that `partner` calls `batchID`.
  init(processor: String, partner: String, batchID: String) throws {
    // Each part ends with a zero byte, which none of them can hold, so no two triples give the same text.
    batchDigest = try SHA256.digest(Array("disburse reference 1\0\(processor)\0\(partner)\0\(batchID)\0".utf8)).bytes
  }

  /// The reference of `attempt` at the instruction at `position`; `stream` is the caller's, to be used again.
  func reference(position: Int, instructionID: String, attempt: Int, using stream: SHA256Stream) throws
    -> TransferReference
  {
    var text = batchDigest
    text.append(contentsOf: instructionID.utf8)
    text.append(0)
    withUnsafeBytes(of: UInt32(attempt).bigEndian) { text.append(contentsOf: $0) }
    let digest = try text.withUnsafeBytes { bytes in
      try stream.update(bytes)
      return try stream.finish().bytes
    }
    let position = UInt64(UInt32(position))
    let upper = (position & 0xFFFF_0000) | 0x4000 | (position >> 4 & 0x0FFF)
    let high = (Self.word(batchDigest) & 0xFFFF_FFFF_0000_0000) | upper
    let low = 0x8000_0000_0000_0000 | (position & 0xF) << 58 | (Self.word(digest) & 0x03FF_FFFF_FFFF_FFFF)
    return TransferReference(high: high, low: low)
  }

  private static func word(_ bytes: [UInt8]) -> UInt64 {
    bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
