import COpenSSL

/// AES-256 key wrap (RFC 3394): one key kept under another, with an integrity check of its own.
public enum KeyWrap {
  /// Wraps a key whose length is a multiple of 8 bytes; the result is 8 bytes longer.
  public static func wrap(_ key: SymmetricKey, under wrappingKey: SymmetricKey) throws(CryptoError) -> [UInt8] {
    guard key.byteCount >= 16, key.byteCount % 8 == 0 else {
      throw .wrongLength(what: "a key to wrap", expectedBytes: 32, foundBytes: key.byteCount)
    }
    var wrapped = [UInt8](repeating: 0, count: key.byteCount + 8)
    let length = try key.withUnsafeBytes { key in
      Result { () throws(CryptoError) in try run(key, into: &wrapped, under: wrappingKey, wrapping: true) }
    }.get()
    guard length == wrapped.count else { throw .draining("wrap a key") }
    return wrapped
  }

  /// Unwraps what `wrap` made; throws `notAuthentic` when the wrapping key or the bytes are others.
  public static func unwrap(_ wrapped: [UInt8], under wrappingKey: SymmetricKey) throws(CryptoError) -> SymmetricKey {
    guard wrapped.count >= 24, wrapped.count % 8 == 0 else { throw .notAuthentic }
    var key = [UInt8](repeating: 0, count: wrapped.count)
    defer { OPENSSL_cleanse(&key, key.count) }
    let length = try wrapped.withUnsafeBytes { wrapped in
      Result { () throws(CryptoError) in try run(wrapped, into: &key, under: wrappingKey, wrapping: false) }
    }.get()
    guard length == wrapped.count - 8 else {
      CryptoError.drainErrorQueue()
      throw .notAuthentic
    }
    return key.withUnsafeBytes { SymmetricKey(UnsafeRawBufferPointer(rebasing: $0.prefix(length))) }
  }

  /// The number of bytes written, or a number below 0 when libcrypto refuses the input.
  private static func run(
    _ input: UnsafeRawBufferPointer, into output: inout [UInt8], under key: SymmetricKey, wrapping: Bool
  ) throws(CryptoError) -> Int {
    guard key.byteCount == 32 else {
      throw .wrongLength(what: "a wrapping key", expectedBytes: 32, foundBytes: key.byteCount)
    }
    let context = try OpenSSLObject(
      EVP_CIPHER_CTX_new(), "make a cipher context",
      free: { EVP_CIPHER_CTX_free($0) })
    let algorithm = try OpenSSLObject(
      EVP_CIPHER_fetch(nil, "AES-256-WRAP", nil), "find AES-256-WRAP",
      free: { EVP_CIPHER_free($0) })
    let started = context.withPointer { context in
      algorithm.withPointer { algorithm in
        key.withUnsafeBytes { key in
          EVP_CipherInit_ex2(
            context, algorithm, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, wrapping ? 1 : 0, nil)
        }
      }
    }
    try require(started, "start AES key wrap")
    var length: Int32 = 0
    let answer = context.withPointer {
      EVP_CipherUpdate(
        $0, &output, &length, input.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(input.count))
    }
    return answer == 1 ? Int(length) : -1
  }
}
