import COpenSSL

/// AES-256 in Galois/counter mode (NIST SP 800-38D) for many short secrets under one key.
///
/// A sealed secret is nonce (12 random bytes), ciphertext, tag (16 bytes). Random nonces bound a key to 2^32
/// secrets (SP 800-38D §8.3); rotate it long before.
public final class AES256GCM {
  /// How many bytes sealing adds.
  public static let overheadByteCount = nonceByteCount + tagByteCount
  private static let nonceByteCount = 12
  private static let tagByteCount = 16
  // Safe to share: fetched once, never changed.
  nonisolated(unsafe) private static let algorithm: OpaquePointer? = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

  // Drawn many at a time: one call of the generator costs more than sealing a short secret. Nonces are no secret.
  private static let nonceSupplyByteCount = 64 * nonceByteCount

  private let key: SymmetricKey
  private let context: OpenSSLObject
  private var nonces: ArraySlice<UInt8> = []

  /// A box under `key`, which has 32 bytes.
  public init(key: SymmetricKey) throws(CryptoError) {
    guard key.byteCount == 32 else {
      throw .wrongLength(what: "an AES-256 key", expectedBytes: 32, foundBytes: key.byteCount)
    }
    self.key = key
    context = try OpenSSLObject(
      EVP_CIPHER_CTX_new(), "make a cipher context",
      free: { EVP_CIPHER_CTX_free($0) })
  }

  /// Encrypts `secret` and binds it to `context`, which is authenticated but not kept.
  public func seal(_ secret: [UInt8], authenticating context: [UInt8] = []) throws(CryptoError) -> [UInt8] {
    if nonces.isEmpty { nonces = try SecureRandom.bytes(Self.nonceSupplyByteCount)[...] }
    var sealed: [UInt8] = []
    sealed.reserveCapacity(secret.count + Self.overheadByteCount)
    sealed.append(contentsOf: nonces.prefix(Self.nonceByteCount))
    nonces = nonces.dropFirst(Self.nonceByteCount)
    sealed.append(contentsOf: repeatElement(0, count: secret.count + Self.tagByteCount))
    var length: Int32 = 0
    try start(nonce: sealed, encrypting: true)
    try authenticate(context)
    let answer = sealed.withUnsafeMutableBufferPointer { sealed -> Int32 in
      guard let base = sealed.baseAddress else { return 0 }
      let output = base + Self.nonceByteCount
      return self.context.withPointer { cipher in
        guard EVP_EncryptUpdate(cipher, output, &length, secret, Int32(secret.count)) == 1,
          EVP_EncryptFinal_ex(cipher, output + Int(length), &length) == 1
        else { return 0 }
        return EVP_CIPHER_CTX_ctrl(
          cipher, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), output + secret.count)
      }
    }
    try require(answer, "seal with AES-256-GCM")
    return sealed
  }

  /// Decrypts what `seal` made; throws `notAuthentic` when key, context or bytes are others.
  public func open(_ sealed: [UInt8], authenticating context: [UInt8] = []) throws(CryptoError) -> [UInt8] {
    let count = sealed.count - Self.overheadByteCount
    guard count >= 0 else { throw .notAuthentic }
    try start(nonce: sealed, encrypting: false)
    try authenticate(context)
    var secret = [UInt8](repeating: 0, count: count)
    var tag = Array(sealed.suffix(Self.tagByteCount))
    var length: Int32 = 0
    let answer = sealed.withUnsafeBufferPointer { sealed -> Int32 in
      self.context.withPointer { cipher -> Int32 in
        guard let base = sealed.baseAddress,
          EVP_DecryptUpdate(cipher, &secret, &length, base + Self.nonceByteCount, Int32(count)) == 1,
          EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
        else { return 0 }
        var rest: UInt8 = 0
        return EVP_DecryptFinal_ex(cipher, &rest, &length)
      }
    }
    guard answer == 1 else {
      OPENSSL_cleanse(&secret, secret.count)
      CryptoError.drainErrorQueue()
      throw .notAuthentic
    }
    return secret
  }

  private func start(nonce: [UInt8], encrypting: Bool) throws(CryptoError) {
    let answer = context.withPointer { context in
      key.withUnsafeBytes { key in
        EVP_CipherInit_ex2(
          context, Self.algorithm, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nonce, encrypting ? 1 : 0, nil)
      }
    }
    try require(answer, "start AES-256-GCM")
  }

  private func authenticate(_ bytes: [UInt8]) throws(CryptoError) {
    guard !bytes.isEmpty else { return }
    var length: Int32 = 0
    let answer = context.withPointer { EVP_CipherUpdate($0, nil, &length, bytes, Int32(bytes.count)) }
    try require(answer, "authenticate the context of a secret")
  }
}
