/// What instructions count and sum to, exactly; sums of chunks merge into that of the file.
///
/// Every decimal counts under the currency it states, also one that is refused as an amount, because the sender
/// summed it too.
public struct ControlTotals: Hashable, Sendable {
  /// How many instructions.
  public internal(set) var count = 0
  /// Sums by currency code, as stated or by default.
  public internal(set) var sums: [String: ExactDecimal] = [:]
  /// Whether every sum is whole: a number of more digits than fit is left out of it.
  public internal(set) var isExact = true

  /// Nothing.
  public init() {}

  /// Adds what another chunk counted.
  public mutating func merge(_ other: ControlTotals) {
    count += other.count
    isExact = isExact && other.isExact
    for (currency, sum) in other.sums { add(sum, currency: currency) }
  }

  mutating func add(_ amount: ExactDecimal, currency: String) {
    guard let sum = sums[currency, default: .zero].adding(amount) else {
      isExact = false
      return
    }
    sums[currency] = sum
  }
}

extension ControlStatement {
  /// Where the statement and what the file holds differ: `control-mismatch` for each.
  ///
  /// A total without currency is met by the sum in the batch's currency, or by the sum of all amounts whatever their
  /// currency, which is what `CtrlSum` of ISO 20022 is.
  public func problems(against totals: ControlTotals, batchCurrency: Currency?) -> [Problem] {
    var problems: [Problem] = []
    if let count, count != totals.count {
      problems.append(
        Problem(
          .controlMismatch, pointer: "/control/count",
          "control.count is \(count), the file holds \(totals.count) instructions"))
    }
    guard let total else { return problems }
    guard totals.isExact else {
      let message = "control.total can't be compared: an amount has more digits than can be summed"
      return problems + [Problem(.controlMismatch, pointer: "/control/total", message)]
    }
    switch total {
    case .plain(let stated):
      if let message = Self.mismatch(stated, totals, batchCurrency) {
        problems.append(Problem(.controlMismatch, pointer: "/control/total", message))
      }
    case .byCurrency(let stated):
      for currency in Set(stated.keys).union(totals.sums.keys).sorted() {
        let sum = totals.sums[currency] ?? .zero
        guard stated[currency] ?? .zero != sum || stated[currency] == nil else { continue }
        let message =
          if let amount = stated[currency] {
            "control.total is \(Self.text(amount, currency)), the instructions sum to \(Self.text(sum, currency))"
          } else {
            "control.total names no \(currency), the instructions sum to \(Self.text(sum, currency))"
          }
        problems.append(Problem(.controlMismatch, pointer: "/control/total", message))
      }
    }
    return problems
  }

  private static func mismatch(_ stated: ExactDecimal, _ totals: ControlTotals, _ currency: Currency?) -> String? {
    let code = currency?.code ?? (totals.sums.count == 1 ? totals.sums.keys.first : nil)
    let sum = code.map { totals.sums[$0] ?? .zero }
    var overall: ExactDecimal? = .zero
    for sum in totals.sums.values { overall = overall?.adding(sum) }
    if stated == sum || stated == overall { return nil }
    guard let code, let sum else {
      let sums = totals.sums.sorted { $0.key < $1.key }.map { text($0.value, $0.key) }.joined(separator: " and ")
      return "control.total is \(stated.decimal()) without a currency, the instructions sum to \(sums)"
    }
    return "control.total is \(text(stated, code)), the instructions sum to \(text(sum, code))"
  }

  private static func text(_ amount: ExactDecimal, _ code: String) -> String {
    // Two digits at least, as people write totals, so that both sides of the message look alike.
    "\(amount.decimal(minimumScale: max(2, Currency(code: code)?.minorUnitDigits ?? 0))) \(code)"
  }
}
