import COpenSSL

/// What kind of public key a certificate or private key has.
public enum KeyAlgorithm: Hashable, Sendable {
  /// RSA with a modulus of so many bits.
  case rsa(bits: Int)
  /// An elliptic curve by its NIST name, such as "P-256", or by OpenSSL's name for others.
  case ec(curve: String)
  /// Ed25519 (RFC 8032): signatures only.
  case ed25519
  /// Anything else, by OpenSSL's name.
  case other(String)

  init(of key: OpaquePointer) {
    switch EVP_PKEY_get_base_id(key) {
    case EVP_PKEY_RSA: self = .rsa(bits: Int(EVP_PKEY_get_bits(key)))
    case EVP_PKEY_EC: self = .ec(curve: Self.curve(of: key))
    case EVP_PKEY_ED25519: self = .ed25519
    default: self = .other(EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown")
    }
  }

  private static func curve(of key: OpaquePointer) -> String {
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else {
      CryptoError.drainErrorQueue()
      return "unknown"
    }
    let text = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let nistNames = ["prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"]
    return nistNames[text] ?? text
  }
}

extension KeyAlgorithm: CustomStringConvertible {
  /// The kind and size for a person: "EC P-256", "RSA 3072".
  public var description: String {
    switch self {
    case .rsa(let bits): "RSA \(bits)"
    case .ec(let curve): "EC \(curve)"
    case .ed25519: "Ed25519"
    case .other(let name): name
    }
  }
}

/// The kinds of keys that this program makes.
public enum GeneratedKeyAlgorithm: String, Hashable, Sendable, CaseIterable {
  /// NIST P-256.
  case ecP256 = "ec-p256"
  /// NIST P-384.
  case ecP384 = "ec-p384"
  /// RSA of 3072 bits.
  case rsa3072 = "rsa-3072"
  /// RSA of 4096 bits.
  case rsa4096 = "rsa-4096"
}
