import COpenSSL

extension Certificate {
  /// SHA-256 of the key's SubjectPublicKeyInfo in one fixed encoding: equal for two certificates over one key, however
  /// each of them spells it.
  static func publicKeyDigest(of key: OpaquePointer) throws(CryptoError) -> SHA256Digest {
    let copy = try OpenSSLObject(EVP_PKEY_dup(key), "copy a public key", free: { EVP_PKEY_free($0) })
    let encoded = try copy.withPointer { key throws(CryptoError) -> [UInt8] in
      if EVP_PKEY_get_base_id(key) == EVP_PKEY_EC {
        // RFC 5480 §2: a point may stand compressed, and a curve by its parameters.
        EVP_PKEY_set_utf8_string_param(key, "point-format", "uncompressed")
        EVP_PKEY_set_utf8_string_param(key, "encoding", "named_curve")
        CryptoError.drainErrorQueue()
      }
      var bytes: UnsafeMutablePointer<UInt8>?
      let count = i2d_PUBKEY(key, &bytes)
      guard count > 0, let bytes else { throw .draining("encode a public key") }
      defer { shim_OPENSSL_free(bytes) }
      return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
    return try SHA256.digest(encoded)
  }
}
