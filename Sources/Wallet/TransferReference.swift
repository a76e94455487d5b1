/// The name under which a wallet knows a movement of money: a UUID with the version and variant bits of v4.
///
/// It is derived, not drawn: the same attempt at the same instruction has the same reference after any crash, so that
/// a wallet can tell a repetition from a new payment.
public struct TransferReference: Hashable, Sendable {
  /// The first eight bytes, big-endian.
  public let high: UInt64
  /// The last eight bytes, big-endian.
  public let low: UInt64

  /// A reference that was stored.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

extension TransferReference: Comparable {
  /// The order of the bytes: references of one batch follow the positions of its instructions.
  public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension TransferReference {
  /// The reference as wallets spell it: 32 hexadecimal digits in five groups, lower case (RFC 9562 §4).
  public var uuidString: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { text.append(UInt8(ascii: "-")) }
      let word = nibble < 16 ? high : low
      let digit = UInt8(word >> (60 - 4 * (nibble & 15)) & 0xF)
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
