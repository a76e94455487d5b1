/// An ASN.1 object identifier, kept as its content octets (X.690 §8.19).
struct ObjectIdentifier: Hashable {
  let octets: [UInt8]

  /// The identifier of encoded octets.
  init(octets: [UInt8]) { self.octets = octets }

  /// The identifier of these arcs.
  init(_ arcs: UInt32...) {
    var octets: [UInt8] = []
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2...] {
      var groups = [UInt8(arc & 0x7F)]
      var rest = arc >> 7
      while rest > 0 {
        groups.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
        rest >>= 7
      }
      octets += groups
    }
    self.octets = octets
  }

  // Content types: RFC 5652 §4–§9, RFC 5083 §2, RFC 3274 §1.
  static let data = Self(1, 2, 840, 113_549, 1, 7, 1)
  static let signedData = Self(1, 2, 840, 113_549, 1, 7, 2)
  static let envelopedData = Self(1, 2, 840, 113_549, 1, 7, 3)
  static let digestedData = Self(1, 2, 840, 113_549, 1, 7, 5)
  static let encryptedData = Self(1, 2, 840, 113_549, 1, 7, 6)
  static let authenticatedData = Self(1, 2, 840, 113_549, 1, 9, 16, 1, 2)
  static let compressedData = Self(1, 2, 840, 113_549, 1, 9, 16, 1, 9)
  static let authEnvelopedData = Self(1, 2, 840, 113_549, 1, 9, 16, 1, 23)

  // Ciphers: NIST's AES arc, RFC 3565 and RFC 5084.
  static let aes128CBC = Self(2, 16, 840, 1, 101, 3, 4, 1, 2)
  static let aes256CBC = Self(2, 16, 840, 1, 101, 3, 4, 1, 42)
  static let aes128GCM = Self(2, 16, 840, 1, 101, 3, 4, 1, 6)
  static let aes256GCM = Self(2, 16, 840, 1, 101, 3, 4, 1, 46)
}
