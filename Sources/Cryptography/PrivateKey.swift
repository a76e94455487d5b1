import COpenSSL

/// A private key. Prints masked, is not `Codable`; libcrypto cleanses it when the last reference goes.
public final class PrivateKey: Sendable {
  /// The kind and size of the key.
  public let algorithm: KeyAlgorithm
  // Safe to share: an EVP_PKEY is counted atomically and nothing here changes one after it was made.
  nonisolated(unsafe) private let key: OpenSSLObject

  private init(_ key: OpenSSLObject) {
    self.key = key
    algorithm = key.withPointer { KeyAlgorithm(of: $0) }
  }

  /// The first private key of a PEM text (PKCS#8 or the older forms).
  ///
  /// - Parameter passphrase: opens a key that is encrypted; not looked at for one that is not.
  /// - Throws: `passphraseProtected` without a passphrase for an encrypted key, `wrongPassphrase` with another's.
  public convenience init(pem: [UInt8], passphrase: SymmetricKey? = nil) throws(CryptoError) {
    var request = PassphraseRequest(passphrase)
    let key = try MemoryBIO.reading(pem) { bio throws(CryptoError) in
      // The default callback would ask on the terminal.
      let pointer = withUnsafeMutablePointer(to: &request) { request in
        PEM_read_bio_PrivateKey(bio, nil, PassphraseRequest.answer, request)
      }
      guard let pointer else {
        let reasons = CryptoError.drainErrorQueue()
        guard request.wasAsked else { throw .malformedPEM(expected: "private key", reasons: reasons) }
        throw passphrase == nil ? .passphraseProtected : .wrongPassphrase
      }
      return try OpenSSLObject(pointer, "read a private key", free: { EVP_PKEY_free($0) })
    }
    self.init(key)
  }

  /// The first private key of a PEM text (PKCS#8 or the older forms), without a passphrase.
  public convenience init(pem: String) throws(CryptoError) {
    var bytes = Array(pem.utf8)
    defer { OPENSSL_cleanse(&bytes, bytes.count) }
    try self.init(pem: bytes)
  }

  /// A new key.
  public static func generate(_ algorithm: GeneratedKeyAlgorithm) throws(CryptoError) -> PrivateKey {
    let name =
      switch algorithm {
      case .ecP256, .ecP384: "EC"
      case .rsa3072, .rsa4096: "RSA"
      }
    let context = try OpenSSLObject(
      EVP_PKEY_CTX_new_from_name(nil, name, nil), "make a key context",
      free: { EVP_PKEY_CTX_free($0) })
    let pointer = try context.withPointer { context throws(CryptoError) -> OpaquePointer? in
      try require(EVP_PKEY_keygen_init(context), "start making a key")
      switch algorithm {
      case .ecP256: try require(EVP_PKEY_CTX_set_group_name(context, "P-256"), "choose P-256")
      case .ecP384: try require(EVP_PKEY_CTX_set_group_name(context, "P-384"), "choose P-384")
      case .rsa3072: try require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 3072), "choose RSA 3072")
      case .rsa4096: try require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 4096), "choose RSA 4096")
      }
      var key: OpaquePointer?
      try require(EVP_PKEY_generate(context, &key), "make a key")
      return key
    }
    return PrivateKey(try OpenSSLObject(pointer, "make a key", free: { EVP_PKEY_free($0) }))
  }

  /// The key as PKCS#8 PEM. A `String` can't be cleansed: prefer `withPEM`.
  public func pem() throws(CryptoError) -> String {
    do {
      return try withPEM { String(decoding: $0, as: UTF8.self) }
    } catch let error as CryptoError {
      throw error
    } catch {
      throw .draining("write a private key")
    }
  }

  /// Whether the certificate holds this key's public half.
  public func matches(_ certificate: Certificate) -> Bool {
    let answer = certificate.withX509 { certificate in
      key.withPointer { X509_check_private_key(certificate, $0) }
    }
    CryptoError.drainErrorQueue()
    return answer == 1
  }

  /// Lends libcrypto's object.
  package func withEVPKey<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try key.withPointer(body)
  }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The kind only.
  public var description: String { "PrivateKey(\(algorithm), masked)" }
  /// The kind only.
  public var debugDescription: String { description }
  /// Nothing to see for `dump`.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
