import COpenSSL

/// What the key of a certificate is for; one key does not do both.
public enum KeyPurpose: String, Hashable, Sendable, CaseIterable {
  /// Signing sealed files.
  case signing
  /// Receiving sealed files.
  case encryption
}

extension Certificate {
  /// A certificate for `key`, signed with it, that pins itself: not an authority, and for one purpose.
  /// - Parameters:
  ///   - notBefore: the first second of its validity, since the epoch.
  ///   - days: how long it is valid.
  public static func selfSigned(
    for key: PrivateKey, commonName: String, organization: String? = nil, purpose: KeyPurpose, notBefore: Int64,
    days: Int
  ) throws(CryptoError) -> Certificate {
    let certificate = try OpenSSLObject(X509_new(), "make a certificate", free: { X509_free($0) })
    try certificate.withPointer { x509 throws(CryptoError) in
      try require(X509_set_version(x509, Int(X509_VERSION_3)), "set the version of a certificate")
      try setRandomSerialNumber(x509)
      let notAfter = notBefore + Int64(days) * 86_400
      guard ASN1_TIME_set(X509_getm_notBefore(x509), Int(notBefore)) != nil,
        ASN1_TIME_set(X509_getm_notAfter(x509), Int(notAfter)) != nil
      else { throw .draining("set the validity of a certificate") }
      try setName(x509, commonName: commonName, organization: organization)
      try key.withEVPKey { key throws(CryptoError) in
        try require(X509_set_pubkey(x509, key), "set the key of a certificate")
      }
      for (extensionID, value) in try extensions(for: key.algorithm, purpose: purpose) {
        try add(extensionID, value, to: x509)
      }
      let size = key.withEVPKey { X509_sign(x509, $0, key.algorithm == .ed25519 ? nil : EVP_sha256()) }
      guard size > 0 else { throw .draining("sign a certificate") }
    }
    return try Certificate(certificate)
  }

  // RFC 5280 §4.2.1.3: what a key may do follows from its kind.
  private static func extensions(
    for algorithm: KeyAlgorithm, purpose: KeyPurpose
  ) throws(CryptoError) -> [(id: Int32, value: String)] {
    let usage: String
    switch (purpose, algorithm) {
    case (.signing, _): usage = "critical,digitalSignature,nonRepudiation"
    case (.encryption, .rsa): usage = "critical,keyEncipherment"
    case (.encryption, .ec): usage = "critical,keyAgreement"
    case (.encryption, _): throw .unsupportedKey("a key of kind \(algorithm) can't be encrypted to")
    }
    return [
      (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, usage), (NID_ext_key_usage, "emailProtection"),
      // A certificate beside it may have the same name (one signs, one receives): the identifiers keep them apart.
      (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid:always"),
    ]
  }

  private static func setRandomSerialNumber(_ x509: OpaquePointer) throws(CryptoError) {
    // RFC 5280 §4.1.2.2: positive and at most 20 bytes; CA/Browser rules ask for 64 random bits.
    var serial = try SecureRandom.bytes(16)
    serial[0] = serial[0] & 0x3F | 0x40
    try require(
      ASN1_STRING_set(X509_get_serialNumber(x509), serial, Int32(serial.count)),
      "set the serial number of a certificate")
  }

  private static func setName(
    _ x509: OpaquePointer, commonName: String, organization: String?
  ) throws(CryptoError) {
    guard let name = X509_get_subject_name(x509) else { throw .draining("name a certificate") }
    for (field, value) in [("O", organization), ("CN", commonName)] {
      guard let value else { continue }
      let answer = X509_NAME_add_entry_by_txt(
        name, field, MBSTRING_UTF8, Array(value.utf8), Int32(value.utf8.count), -1, 0)
      try require(answer, "name a certificate")
    }
    try require(X509_set_issuer_name(x509, name), "name the issuer of a certificate")
  }

  private static func add(_ id: Int32, _ value: String, to x509: OpaquePointer) throws(CryptoError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, x509, x509, nil, nil, 0)
    guard let addition = X509V3_EXT_conf_nid(nil, &context, id, value) else {
      throw .draining("make an extension of a certificate")
    }
    defer { X509_EXTENSION_free(addition) }
    try require(X509_add_ext(x509, addition, -1), "add an extension to a certificate")
  }
}
