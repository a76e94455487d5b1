import COpenSSL

extension PrivateKey {
  /// Signs bytes: ECDSA or RSA PKCS#1 v1.5 with SHA-256, or Ed25519.
  public func sign(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    let context = try DetachedSignature.context()
    let digest = DetachedSignature.digest(for: algorithm)
    return try context.withPointer { context throws(CryptoError) in
      let begun = withEVPKey { EVP_DigestSignInit(context, nil, digest, nil, $0) }
      try require(begun, "begin a signature")
      var count = 0
      try require(EVP_DigestSign(context, nil, &count, bytes, bytes.count), "measure a signature")
      var signature = [UInt8](repeating: 0, count: count)
      try require(EVP_DigestSign(context, &signature, &count, bytes, bytes.count), "sign")
      return Array(signature.prefix(count))
    }
  }
}

extension Certificate {
  /// Whether the certificate's key made the signature over the bytes.
  public func verifies(_ signature: [UInt8], of bytes: [UInt8]) throws(CryptoError) -> Bool {
    let context = try DetachedSignature.context()
    let digest = DetachedSignature.digest(for: keyAlgorithm)
    let answer = try context.withPointer { context throws(CryptoError) -> Int32 in
      let begun = withX509 { EVP_DigestVerifyInit(context, nil, digest, nil, X509_get0_pubkey($0)) }
      try require(begun, "begin to verify a signature")
      return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count)
    }
    // A signature that is wrong, and one that is none, are the same: not theirs.
    CryptoError.drainErrorQueue()
    return answer == 1
  }
}

private enum DetachedSignature {
  static func context() throws(CryptoError) -> OpenSSLObject {
    try OpenSSLObject(EVP_MD_CTX_new(), "make a signature context", free: { EVP_MD_CTX_free($0) })
  }

  /// Ed25519 has its digest within (RFC 8032).
  static func digest(for algorithm: KeyAlgorithm) -> OpaquePointer? {
    if case .ed25519 = algorithm { nil } else { SHA256.algorithm }
  }
}
