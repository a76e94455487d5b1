/// Reads amounts with their currencies, and sums what was stated.
struct AmountReader {
  enum Reading {
    /// Not even stated; the record is refused by the schema.
    case missing
    case money(Money)
    /// Stated, but no money.
    case none(StatedAmount, Reason)
  }

  let batchCurrency: Currency?
  private var last: Currency?
  private var totals = ControlTotals()
  // Amounts of one currency in a row are summed in its minor unit, and added to `totals` when the currency changes.
  private var runCurrency: Currency?
  private var runMinorUnits: Int64 = 0

  init(batchCurrency: Currency?) {
    self.batchCurrency = batchCurrency
  }

  mutating func takeTotals() -> ControlTotals {
    endRun()
    return totals
  }

  /// Reads an amount and a currency whose types are right.
  @inline(__always)
  mutating func read(_ amount: JSONToken, _ currency: JSONToken, _ scanner: JSONScanner) -> Reading {
    let known = currency.kind == .absent ? batchCurrency : self.currency(currency, scanner)
    if let known, !amount.hasEscapes, let units = Self.plainMinorUnits(scanner.bytes(amount), known.minorUnitDigits) {
      count(units, known)
      return .money(Money(minorUnits: units, currency: known))
    }
    return readUnusual(amount, known, currency, scanner)
  }

  @inline(__always)
  private mutating func currency(_ token: JSONToken, _ scanner: JSONScanner) -> Currency? {
    if token.hasEscapes { return Currency(code: scanner.text(token)) }
    guard token.end &- token.start == 3 else { return nil }
    let base = scanner.base + token.start
    let packed = UInt32(base[0]) << 16 | UInt32(base[1]) << 8 | UInt32(base[2])
    if let last, last.packed == packed { return last }
    guard let currency = Currency(packed: packed) else { return nil }
    last = currency
    return currency
  }

  /// The minor units of an amount above zero of up to 15 characters, as nearly all are; `nil` sends it the long way.
  @inline(__always)
  private static func plainMinorUnits(_ text: UnsafeBufferPointer<UInt8>, _ minorUnitDigits: Int) -> Int64? {
    guard text.count <= 15, let base = text.baseAddress else { return nil }
    var at = 0
    var units: Int64 = 0
    while at < text.count {
      let digit = base[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      units = units &* 10 &+ Int64(digit)
      at &+= 1
    }
    guard at > 0, at == 1 || base[0] != UInt8(ascii: "0") else { return nil }
    var places = 0
    if at < text.count {
      guard base[at] == UInt8(ascii: "."), at &+ 1 < text.count else { return nil }
      at &+= 1
      while at < text.count {
        let digit = base[at] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        if places < minorUnitDigits {
          units = units &* 10 &+ Int64(digit)
          places &+= 1
        } else if digit != 0 {
          return nil
        }
        at &+= 1
      }
    }
    while places < minorUnitDigits {
      units = units &* 10
      places &+= 1
    }
    return units > 0 ? units : nil
  }

  @inline(never)
  private mutating func readUnusual(
    _ amount: JSONToken, _ known: Currency?, _ currency: JSONToken, _ scanner: JSONScanner
  ) -> Reading {
    let isNumber = amount.kind == .number
    let text = isNumber ? String(decoding: scanner.bytes(amount), as: UTF8.self) : scanner.text(amount)
    let code = known?.code ?? scanner.text(currency)
    let stated = StatedAmount(amount: text, currency: code)
    let refusal: Reason
    switch ExactDecimal.read(text, allowsExponent: isNumber) {
    case .malformed: refusal = Reason(.invalidAmount, "the amount is not a decimal")
    case .tooLong:
      totals.isExact = false
      refusal = Reason(.invalidAmount, "the amount has too many digits")
    case .value(let number):
      totals.add(number, currency: code)
      if let known {
        if let money = number.money(in: known), money.minorUnits > 0 { return .money(money) }
        refusal = Self.refusal(of: number, known)
      } else {
        refusal = Reason(.currencyNotSupported, "the currency is not one of ISO 4217")
      }
    }
    if known == nil {
      return .none(stated, Reason(.currencyNotSupported, "the currency is not one of ISO 4217"))
    }
    return .none(stated, refusal)
  }

  private static func refusal(of number: ExactDecimal, _ currency: Currency) -> Reason {
    if number.coefficient <= 0 { return Reason(.invalidAmount, "the amount is not above zero") }
    if number.scale > currency.minorUnitDigits {
      let digits = currency.minorUnitDigits
      return Reason(
        .invalidAmount,
        digits == 0
          ? "\(currency.code) has no digits behind the point"
          : "\(currency.code) has \(digits) digits behind the point, the amount has more")
    }
    return Reason(.invalidAmount, "the amount is too large")
  }

  @inline(__always)
  private mutating func count(_ units: Int64, _ currency: Currency) {
    if runCurrency?.packed == currency.packed {
      let (sum, overflow) = runMinorUnits.addingReportingOverflow(units)
      if !overflow {
        runMinorUnits = sum
        return
      }
    }
    endRun()
    runCurrency = currency
    runMinorUnits = units
  }

  private mutating func endRun() {
    guard let currency = runCurrency else { return }
    totals.add(
      ExactDecimal(coefficient: Int128(runMinorUnits), scale: currency.minorUnitDigits), currency: currency.code)
    runCurrency = nil
    runMinorUnits = 0
  }
}
