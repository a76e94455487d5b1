/// What is wrong with an encoding.
enum BERError: Error, Equatable {
  /// The bytes end inside an element.
  case endOfInput
  /// The bytes are not what the standard or this program allows.
  case malformed(String)
}

/// The identifier and length octets of one element (X.690 §8.1).
struct BERHeader: Equatable {
  /// The identifier octet without the constructed bit: class and number.
  let tag: UInt8
  let isConstructed: Bool
  /// The number of content octets; `nil` for the indefinite form.
  let length: Int?

  static let constructedBit: UInt8 = 0x20
}

/// Identifier octets without the constructed bit.
enum BERTag {
  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x10
  static let set: UInt8 = 0x11
  /// A context-specific tag.
  static func context(_ number: UInt8) -> UInt8 { 0x80 | number }
}
