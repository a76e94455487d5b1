import COpenSSL

extension PrivateKey {
  // OWASP's count for HMAC-SHA256 of 2023; PKCS5_DEFAULT_ITER, which libcrypto takes by itself, is 2048.
  private static let iterations: Int32 = 600_000
  private static let saltByteCount: Int32 = 16

  /// Lends the key as PKCS#8 PEM, to be written to a file of mode 0600; the memory is cleansed afterwards.
  ///
  /// - Parameter passphrase: encrypts it (PBES2 of RFC 8018: PBKDF2 with HMAC-SHA256, AES-256-CBC); in clear without.
  public func withPEM<Value>(
    passphrase: SymmetricKey? = nil, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    guard let passphrase else {
      return try withEVPKey { key in
        try MemoryBIO.collecting(
          "write a private key", { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }, body)
      }
    }
    let encrypted = try encrypted(under: passphrase)
    return try encrypted.withPointer { encrypted in
      try MemoryBIO.collecting("write a private key", { PEM_write_bio_PKCS8($0, encrypted) }, body)
    }
  }

  private func encrypted(under passphrase: SymmetricKey) throws(CryptoError) -> OpenSSLObject {
    let plain = try withEVPKey { key throws(CryptoError) in
      // Its freeing cleanses the key in it.
      try OpenSSLObject(EVP_PKEY2PKCS8(key), "encode a private key", free: { PKCS8_PRIV_KEY_INFO_free($0) })
    }
    guard
      let algorithm = PKCS5_pbe2_set_iv(
        EVP_aes_256_cbc(), Self.iterations, nil, Self.saltByteCount, nil, NID_hmacWithSHA256)
    else { throw .draining("prepare the encryption of a private key") }
    let encrypted = plain.withPointer { plain in
      passphrase.withUnsafeBytes { bytes in
        PKCS8_set0_pbe(bytes.bindMemory(to: CChar.self).baseAddress, Int32(clamping: bytes.count), plain, algorithm)
      }
    }
    // Taken over when it worked, and else still ours.
    if encrypted == nil { X509_ALGOR_free(algorithm) }
    return try OpenSSLObject(encrypted, "encrypt a private key", free: { X509_SIG_free($0) })
  }
}

/// What libcrypto's callback for a passphrase needs and leaves behind.
struct PassphraseRequest {
  private let passphrase: SymmetricKey?
  /// Whether the key turned out to be encrypted.
  private(set) var wasAsked = false

  init(_ passphrase: SymmetricKey?) { self.passphrase = passphrase }

  /// The `pem_password_cb`: puts the passphrase into libcrypto's buffer, which libcrypto cleanses.
  static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
    buffer, capacity, _, context in
    guard let buffer, let context else { return -1 }
    let request = context.assumingMemoryBound(to: PassphraseRequest.self)
    request.pointee.wasAsked = true
    guard let passphrase = request.pointee.passphrase, passphrase.byteCount <= capacity else { return -1 }
    passphrase.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count).copyMemory(from: bytes)
    }
    return Int32(passphrase.byteCount)
  }
}
