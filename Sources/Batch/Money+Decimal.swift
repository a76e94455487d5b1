extension Money {
  /// The amount that a decimal in major units says, such as "7500" or "12.50": exact, no exponent.
  ///
  /// `nil` when it is malformed, has digits past the minor unit that are not zero, or is too large.
  public init?(decimal text: String, currency: Currency) {
    guard case .value(let number) = ExactDecimal.read(text), let money = number.money(in: currency) else { return nil }
    self = money
  }
}
