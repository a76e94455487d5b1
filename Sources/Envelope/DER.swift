/// Writes DER (X.690 §10): definite lengths in the fewest octets.
enum DER {
  static func element(_ tag: UInt8, constructed: Bool = false, _ content: [UInt8]) -> [UInt8] {
    [tag | (constructed ? BERHeader.constructedBit : 0)] + length(content.count) + content
  }

  static func sequence(_ parts: [[UInt8]]) -> [UInt8] {
    element(BERTag.sequence, constructed: true, Array(parts.joined()))
  }

  static func set(_ parts: [[UInt8]]) -> [UInt8] {
    element(BERTag.set, constructed: true, Array(parts.joined()))
  }

  static func explicit(_ number: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
    element(BERTag.context(number), constructed: true, Array(parts.joined()))
  }

  static func objectIdentifier(_ identifier: ObjectIdentifier) -> [UInt8] {
    element(BERTag.objectIdentifier, identifier.octets)
  }

  static func octetString(_ octets: [UInt8]) -> [UInt8] { element(BERTag.octetString, octets) }

  private static func length(_ length: Int) -> [UInt8] {
    if length < 0x80 { return [UInt8(length)] }
    var octets: [UInt8] = []
    var rest = length
    while rest > 0 {
      octets.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [0x80 | UInt8(octets.count)] + octets
  }
}
