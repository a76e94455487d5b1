/// The public name of a voucher: 16 digits, 9, a sequence of 14 and a Luhn digit.
///
/// No serial number can be taken for a voucher number, and both fit the 53 bits of a JSON number.
public struct SerialNumber: Hashable, Sendable {
  static let maximumSequence: Int64 = 99_999_999_999_999
  private static let base: UInt64 = 900_000_000_000_000

  /// The voucher's number in the order of its making, from 1.
  let sequence: Int64

  /// The serial number that 16 digits spell; `nil` when it is none.
  public init?(_ digits: some StringProtocol) {
    guard let number = Luhn.number(of: digits), number / 10 >= Self.base else { return nil }
    self.init(sequence: Int64(number / 10 - Self.base))
  }

  /// The serial number of a sequence; `nil` when it is out of range.
  init?(sequence: Int64) {
    guard (1...Self.maximumSequence).contains(sequence) else { return nil }
    self.sequence = sequence
  }

  /// The 16 digits.
  public var digits: String {
    let payload = Self.base + UInt64(sequence)
    return String(10 * payload + Luhn.checkDigit(of: payload))
  }
}

extension SerialNumber: CustomStringConvertible {
  /// The 16 digits.
  public var description: String { digits }
}
