/// A figure in whole billionths: exact sums of money and of nanoseconds, with room for 1.7e29 of either.
struct ExactNumber: Hashable, Sendable {
  private(set) var billionths: Int128

  static let zero = ExactNumber(billionths: 0)

  init(billionths: Int128) { self.billionths = billionths }
  init(_ whole: Int64) { billionths = Int128(whole) * 1_000_000_000 }
  init(nanoseconds: Int64) { billionths = Int128(nanoseconds) }

  /// What the metrics' interface hands over as floating point; `nil` for what is no number, or is over 1e15.
  init?<Value: BinaryFloatingPoint>(_ value: Value) {
    guard value.isFinite, value.magnitude < 1_000_000_000_000_000 else { return nil }
    billionths = Int128((value * 1_000_000_000).rounded())
  }

  /// The sum, at the largest value when there is no larger.
  mutating func add(_ other: ExactNumber) {
    let (sum, overflow) = billionths.addingReportingOverflow(other.billionths)
    billionths = overflow ? (billionths < 0 ? .min : .max) : sum
  }

  var negated: ExactNumber { ExactNumber(billionths: billionths == .min ? .max : -billionths) }
  var isNegative: Bool { billionths < 0 }

  /// As Prometheus reads it: "12", "0.004", "-1.5".
  var text: String {
    let (whole, fraction) = billionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    var text = (isNegative ? "-" : "") + String(whole)
    guard fraction > 0 else { return text }
    var digits = String(fraction)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    text += "." + digits
    return text
  }
}
