import COpenSSL
public import Cryptography

/// A short text with one signature over it, as CMS SignedData with the text inside (RFC 5652 §5): what an operator
/// signs here, or on another machine with
/// `openssl cms -sign -binary -nodetach -outform DER -signer alice.crt -inkey alice.key`.
public enum SignedStatement {
  /// The largest signed text that is read, in bytes.
  public static let maximumByteCount = 1 << 20

  /// Signs `text` with a pair.
  ///
  /// - Throws: `EnvelopeError.unusable` for a key that can't sign here.
  public static func sign(_ text: [UInt8], by signer: KeyPair) throws(EnvelopeError) -> [UInt8] {
    do {
      let flags = UInt32(CMS_BINARY | CMS_PARTIAL)
      let cms = try SealingChain.signature(by: [signer], flags: flags)
      let content = try OpenSSLObject(BIO_new(BIO_s_mem()), "open a memory BIO", free: { BIO_free_all($0) })
      let written = content.withPointer { BIO_write($0, text, Int32(clamping: text.count)) }
      guard written == Int32(clamping: text.count) else { throw CryptoError.draining("take the text to sign") }
      let answer = cms.withPointer { cms in content.withPointer { CMS_final(cms, $0, nil, flags) } }
      guard answer == 1 else { throw CryptoError.draining("sign the text") }
      return try encoded(cms)
    } catch { throw EnvelopeError(wrapping: error) }
  }

  /// The text that `signed` holds, when the pinned certificate has signed it and nobody else has. Whether the
  /// certificate is valid now is the caller's question.
  ///
  /// - Throws: `EnvelopeError` with the code of a sealed file that has the same fault.
  public static func text(of signed: [UInt8], signedBy pinned: Certificate) throws(EnvelopeError) -> [UInt8] {
    guard signed.count <= maximumByteCount else {
      throw .tooLarge("the signed statement is larger than \(maximumByteCount) bytes")
    }
    if signed.starts(with: Array("-----BEGIN ".utf8)) {
      throw .unsupportedEncoding("the signed statement is PEM: add -outform DER to openssl cms -sign")
    }
    do {
      var text: [UInt8] = []
      let layer = try SignedLayer(MemorySource(signed)) { text += $0 }
      let signers = try SignatureVerification.signers(of: layer, known: [pinned])
      guard signers == [pinned] else {
        let names = signers.map(\.subject).joined(separator: ", ")
        throw EnvelopeError.unknownSigner("the statement is signed by \(names), not by \(pinned.subject) alone")
      }
      return text
    } catch { throw EnvelopeError(wrapping: error) }
  }

  private static func encoded(_ cms: OpenSSLObject) throws(CryptoError) -> [UInt8] {
    let count = cms.withPointer { i2d_CMS_ContentInfo($0, nil) }
    guard count > 0 else { throw .draining("encode the signed text") }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    let written = bytes.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      return cms.withPointer { i2d_CMS_ContentInfo($0, &cursor) }
    }
    guard written == count else { throw .draining("encode the signed text") }
    return bytes
  }
}
