public import Cryptography

/// A sealed file that was opened: decrypted, authenticated, every signature verified, and none of its content believed
/// before that.
///
/// Opening is pass one; `readDocument` is pass two and may be repeated. Both stream, so memory does not grow with the
/// file, and both block: call them on a queue that may.
public final class SealedFile: Sendable {
  /// Where it was opened; both passes read the descriptor that was opened then.
  public let path: String
  /// The sealed file's size.
  public let sealedByteCount: Int
  /// Whose signatures verified: all in the file, each signer once.
  public let signers: [Certificate]
  /// Whether the document is packed with gzip.
  public let isGzip: Bool
  /// The content cipher, such as "AES-256-GCM".
  public let contentCipher: String

  let input: SealedInput
  let framing: EncryptedFraming
  let keyRing: KeyRing
  let limits: EnvelopeLimits
  /// What pass two must see again: the digest of the signed content, and its length.
  let contentDigest: [UInt8]
  let contentByteCount: Int
  let digestAlgorithms: [DigestAlgorithm]

  /// Opens a file and verifies all of it; no content leaves.
  /// - Parameters:
  ///   - path: the sealed file.
  ///   - keyRing: our pairs; the one that is among the recipients is used.
  ///   - knownSigners: certificates for signatures whose certificate the file does not hold (`-nocerts`). That a
  ///     signer is found here or in the file says nothing about what it may do: the caller decides by `signers`.
  ///   - limits: what the file may cost.
  public init(
    path: String, openedWith keyRing: KeyRing, knownSigners: [Certificate] = [], limits: EnvelopeLimits = .init()
  ) throws(EnvelopeError) {
    do {
      let input = try SealedInput(path: path)
      guard input.byteCount <= limits.maximumSealedBytes else {
        throw EnvelopeError.tooLarge("the sealed file is larger than \(limits.maximumSealedBytes) bytes")
      }
      if let error = ForeignFormat.error(for: try input.prefix(ForeignFormat.prefixByteCount)) { throw error }
      let framing = try EncryptedFraming(input)
      let opened = try Opening(input, framing, keyRing: keyRing, knownSigners: knownSigners)
      self.path = path
      self.input = input
      self.framing = framing
      self.keyRing = keyRing
      self.limits = limits
      sealedByteCount = input.byteCount
      contentCipher = framing.cipher.name
      signers = opened.signers
      isGzip = opened.layer.contentPrefix.starts(with: [0x1F, 0x8B])
      contentDigest = try opened.layer.digests.firstValue()
      contentByteCount = opened.layer.contentByteCount
      digestAlgorithms = Array(opened.layer.digests.algorithms.prefix(1))
    } catch {
      throw EnvelopeError(wrapping: error)
    }
  }
}

extension EnvelopeError {
  /// The error as one of this room's.
  init(wrapping error: any Error) {
    switch error {
    case let error as EnvelopeError: self = error
    case let error as CryptoError: self = .unusable("\(error)")
    case BERError.endOfInput: self = .unsupportedEncoding("the CMS structure ends too early")
    case BERError.malformed(let what): self = .unsupportedEncoding("the CMS structure is malformed: \(what)")
    default: self = .unusable("\(error)")
    }
  }
}
