import Cryptography

/// Pass one: decrypts the whole file and verifies all that can be, in an order that tells the sender nothing.
struct Opening {
  let layer: SignedLayer
  let signers: [Certificate]

  init(_ input: SealedInput, _ framing: EncryptedFraming, keyRing: KeyRing, knownSigners: [Certificate]) throws {
    let decryption = try Decryption(framing, of: input, keyRing: keyRing)
    let decrypted = PrefixKeeper(decryption)
    let reading = Result { try SignedLayer(decrypted) { _ in } }
    // Whatever the signed layer looked like, all is decrypted before anything is said: bytes that are not authentic
    // must not be answered by what they seem to be, nor sooner.
    try decryption.finish()
    try input.requireUnchanged()
    do {
      layer = try Self.layer(reading, prefix: decrypted.prefix)
      signers = try SignatureVerification.signers(of: layer, known: knownSigners)
      if let error = ForeignFormat.contentError(for: layer.contentPrefix) { throw error }
    } catch  where !framing.isAuthenticated {
      // CBC has no tag, so that these failures are an oracle for its padding as much as the padding's own (Vaudenay).
      let error = EnvelopeError(wrapping: error)
      guard error.isRejection else { throw error }
      throw EnvelopeError.cannotDecrypt(detail: "inside \(framing.cipher.name): \(error)")
    }
  }

  private static func layer(_ reading: Result<SignedLayer, any Error>, prefix: [UInt8]) throws -> SignedLayer {
    do {
      return try reading.get()
    } catch let error as BERError {
      if let absence = SignedLayer.absence(for: prefix) { throw absence }
      let what =
        switch error {
        case .endOfInput: "it ends too early"
        case .malformed(let what): what
        }
      throw EnvelopeError.unsupportedEncoding(
        "the signed layer inside is damaged (\(what)): was -binary left out at openssl cms -encrypt?")
    }
  }
}

/// Passes bytes on and keeps the first of them.
private final class PrefixKeeper: ByteSource {
  private let source: any ByteSource
  private(set) var prefix: [UInt8] = []

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try source.read(into: buffer)
    let missing = ForeignFormat.prefixByteCount - prefix.count
    if missing > 0 { prefix += buffer.prefix(min(count, missing)) }
    return count
  }
}
