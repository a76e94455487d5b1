/// An amount of money: an integer of minor units with its currency.
///
/// Sums are checked: an overflow is reported, never wrapped. There is no way through binary floating point.
public struct Money: Hashable, Sendable {
  /// The amount in the currency's minor unit: cents for EUR, francs for RWF.
  public let minorUnits: Int64
  /// The currency that `minorUnits` counts.
  public let currency: Currency

  /// An amount of `minorUnits` of `currency`.
  public init(minorUnits: Int64, currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  /// The sum of two amounts of the same currency; `nil` when it does not fit, or the currencies differ.
  public func adding(_ other: Money) -> Money? {
    guard currency == other.currency else { return nil }
    let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
    return overflow ? nil : Money(minorUnits: sum, currency: currency)
  }

  /// The amount as a decimal in major units with exactly the digits of the minor unit: "7500" RWF, "12.50" EUR.
  public var decimal: String {
    Self.decimal(Int128(minorUnits), digits: currency.minorUnitDigits)
  }

  static func decimal(_ minorUnits: Int128, digits: Int) -> String {
    var text = String(minorUnits.magnitude)
    if digits > 0 {
      if text.utf8.count <= digits { text = String(repeating: "0", count: digits + 1 - text.utf8.count) + text }
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return minorUnits < 0 ? "-" + text : text
  }
}

extension Money: CustomStringConvertible {
  /// "12.50 EUR".
  public var description: String { "\(decimal) \(currency.code)" }
}
