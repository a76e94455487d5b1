/// The secret that is worth a voucher's money: 16 digits, the first 1–8, the last a Luhn digit.
///
/// It prints masked, and interpolating it into a text does not compile. Only `revealed()` gives the digits.
public struct VoucherNumber: Hashable, Sendable {
  /// How many different numbers there are.
  static let count: UInt64 = 800_000_000_000_000
  private static let lowestPayload: UInt64 = 100_000_000_000_000

  /// The 16 digits as a number.
  let value: UInt64

  /// The number that 16 digits spell; `nil` when its first digit or its check digit is wrong.
  public init?(_ digits: some StringProtocol) {
    guard let value = Luhn.number(of: digits) else { return nil }
    self.init(value: value)
  }

  /// The number of a value that was stored.
  init?(value: UInt64) {
    guard value / 10 >= Self.lowestPayload, value / 10 < Self.lowestPayload + Self.count, Luhn.isValid(value) else {
      return nil
    }
    self.value = value
  }

  /// The number at `index` of all numbers, from 0 to below `count`.
  init(index: UInt64) {
    precondition(index < Self.count, "there are not so many voucher numbers")
    let payload = Self.lowestPayload + index
    value = 10 * payload + Luhn.checkDigit(of: payload)
  }

  /// The 16 digits in clear, for the sealed result and nothing else.
  public func revealed() -> String { String(value) }
}

extension VoucherNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the same words.
  public var description: String { "a voucher number" }
  /// Always the same words.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DefaultStringInterpolation {
  /// A voucher number does not belong into a text.
  @available(*, unavailable, message: "a voucher number is secret")
  public mutating func appendInterpolation(_ number: VoucherNumber) {}
}
