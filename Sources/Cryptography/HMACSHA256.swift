import COpenSSL

/// HMAC with SHA-256 (RFC 2104) under one key; one context serves any number of messages, one after the other.
public final class HMACSHA256 {
  // Safe to share: fetched once, never changed.
  nonisolated(unsafe) private static let algorithm: OpaquePointer? = EVP_MAC_fetch(nil, "HMAC", nil)
  private let context: OpenSSLObject

  /// A code under `key`.
  public init(key: SymmetricKey) throws(CryptoError) {
    context = try OpenSSLObject(EVP_MAC_CTX_new(Self.algorithm), "make an HMAC context", free: { EVP_MAC_CTX_free($0) })
    let answer = context.withPointer { context in
      key.withUnsafeBytes { key in
        shim_EVP_MAC_init_HMAC_SHA256(context, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count)
      }
    }
    try require(answer, "start HMAC")
  }

  /// Takes more of the message.
  public func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    try require(context.withPointer { EVP_MAC_update($0, base, bytes.count) }, "continue HMAC")
  }

  /// Takes more of the message.
  public func update(_ bytes: [UInt8]) throws(CryptoError) {
    try require(context.withPointer { EVP_MAC_update($0, bytes, bytes.count) }, "continue HMAC")
  }

  /// The code of the message; the next message starts under the same key.
  public func finish() throws(CryptoError) -> SHA256Digest {
    var answer: Int32 = 0
    let code = SHA256Digest { output in
      answer = context.withPointer { EVP_MAC_final($0, output, nil, SHA256Digest.byteCount) }
    }
    try require(answer, "finish HMAC")
    try require(context.withPointer { EVP_MAC_init($0, nil, 0, nil) }, "restart HMAC")
    return code
  }

  /// The code of one message.
  public func authenticate(_ message: [UInt8]) throws(CryptoError) -> SHA256Digest {
    try update(message)
    return try finish()
  }

  /// Whether `code` is the code of `message`, in a time that says nothing about where they differ.
  public func verify(_ code: SHA256Digest, of message: [UInt8]) throws(CryptoError) -> Bool {
    let expected = try authenticate(message)
    return expected.withUnsafeBytes { expected in
      code.withUnsafeBytes { CRYPTO_memcmp(expected.baseAddress, $0.baseAddress, SHA256Digest.byteCount) == 0 }
    }
  }
}
