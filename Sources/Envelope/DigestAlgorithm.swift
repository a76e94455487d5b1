import COpenSSL

/// The digests that a signature may be made with: SHA-256 or better.
enum DigestAlgorithm: CaseIterable {
  case sha256, sha384, sha512, sha3Bits256, sha3Bits384, sha3Bits512

  var objectIdentifier: ObjectIdentifier {
    // NIST's hash arc (RFC 5754, RFC 9688).
    let last: UInt32 =
      switch self {
      case .sha256: 1
      case .sha384: 2
      case .sha512: 3
      case .sha3Bits256: 8
      case .sha3Bits384: 9
      case .sha3Bits512: 10
      }
    return ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, last)
  }

  var libcryptoID: Int32 {
    switch self {
    case .sha256: NID_sha256
    case .sha384: NID_sha384
    case .sha512: NID_sha512
    case .sha3Bits256: NID_sha3_256
    case .sha3Bits384: NID_sha3_384
    case .sha3Bits512: NID_sha3_512
    }
  }

  init?(_ identifier: ObjectIdentifier) {
    guard let match = Self.allCases.first(where: { $0.objectIdentifier == identifier }) else { return nil }
    self = match
  }

  init?(libcryptoID: Int32) {
    guard let match = Self.allCases.first(where: { $0.libcryptoID == libcryptoID }) else { return nil }
    self = match
  }
}
