/// A decimal number, exact, in its shortest form: `coefficient` × 10^−`scale`.
///
/// It never goes through binary floating point.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits without the point; the last is not zero when `scale` is not.
  public let coefficient: Int128
  /// How many of them stand behind the point, from 0.
  public let scale: Int

  /// `coefficient` × 10^−`scale`; `scale` is at least 0.
  public init(coefficient: Int128, scale: Int) {
    precondition(scale >= 0)
    var (coefficient, scale) = (coefficient, scale)
    while scale > 0, coefficient % 10 == 0 {
      coefficient /= 10
      scale -= 1
    }
    self.coefficient = coefficient
    self.scale = scale
  }

  /// Zero.
  public static let zero = ExactDecimal(coefficient: 0, scale: 0)

  /// The sum; `nil` when it has too many digits.
  public func adding(_ other: ExactDecimal) -> ExactDecimal? {
    let common = max(scale, other.scale)
    guard let left = coefficient(atScale: common), let right = other.coefficient(atScale: common) else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : ExactDecimal(coefficient: sum, scale: common)
  }

  /// The number as minor units of `currency`; `nil` when it has digits past the minor unit or is too large.
  public func money(in currency: Currency) -> Money? {
    guard scale <= currency.minorUnitDigits, let units = coefficient(atScale: currency.minorUnitDigits),
      let units = Int64(exactly: units)
    else { return nil }
    return Money(minorUnits: units, currency: currency)
  }

  /// The number with at least `minimumScale` digits behind the point.
  public func decimal(minimumScale: Int = 0) -> String {
    if scale < minimumScale, let padded = coefficient(atScale: minimumScale) {
      return Money.decimal(padded, digits: minimumScale)
    }
    return Money.decimal(coefficient, digits: scale)
  }

  private func coefficient(atScale wanted: Int) -> Int128? {
    var result = coefficient
    for _ in scale..<max(scale, wanted) {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }
}
