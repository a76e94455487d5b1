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
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    return [
      hex(high >> 32, 8), hex(high >> 16 & 0xFFFF, 4), hex(high & 0xFFFF, 4), hex(low >> 48, 4),
      hex(low & 0xFFFF_FFFF_FFFF, 12),
    ].joined(separator: "-")
  }
}
