import Testing

@testable import Batch

@Suite("Exact decimals")
struct ExactDecimalTests {
  static let kes = Currency(code: "KES")
  static let rwf = Currency(code: "RWF")

  @Test(
    "a decimal is read exactly",
    arguments: [
      ("0", 0, 0), ("7", 7, 0), ("12500.00", 12_500, 0), ("0.1", 1, 1), ("-3.50", -35, 1), ("100", 100, 0),
      ("1.0000000000000000000000000000000000000000000000000000", 1, 0),
      ("0.00000000000000000000000000000000000001", 1, 38),
    ] as [(String, Int, Int)])
  func reading(text: String, coefficient: Int, scale: Int) {
    #expect(
      ExactDecimal.read(text) == .value(ExactDecimal(coefficient: Int128(coefficient), scale: scale)))
  }

  @Test(
    "an exponent is applied exactly",
    arguments: [
      ("1e3", "1000"), ("1E+3", "1000"), ("7.5e3", "7500"), ("12.5e-1", "1.25"), ("0e999999999999999999999", "0"),
      ("5000e-3", "5"), ("10e2", "1000"), ("1e0", "1"), ("1.50e1", "15"),
    ])
  func exponent(text: String, plain: String) {
    #expect(ExactDecimal.read(text, allowsExponent: true) == ExactDecimal.read(plain))
  }

  @Test(
    "a decimal of more digits than fit is told from one that is none",
    arguments: [
      "1e39", "1e99999999999999999999", "1e-39", "999999999999999999999999999999999999999999",
      "0.000000000000000000000000000000000000001",
    ])
  func tooLong(text: String) {
    #expect(ExactDecimal.read(text, allowsExponent: true) == .tooLong)
  }

  @Test(
    "what breaks the number grammar is malformed",
    arguments: [
      "", "-", "+1", ".5", "5.", "01", "00", "-01", "1 ", " 1", "1,000", "1e", "1e+", "0x10", "NaN", "Infinity",
      "1.2.3",
      "--1", "1e1.5", "١",
    ])
  func malformed(text: String) {
    #expect(ExactDecimal.read(text, allowsExponent: true) == .malformed)
  }

  @Test("an exponent is malformed where it is not allowed")
  func exponentNotAllowed() {
    #expect(ExactDecimal.read("1e3", allowsExponent: false) == .malformed)
  }

  @Test("a sum aligns the digits behind the point")
  func sum() {
    let sum = ExactDecimal(coefficient: 125, scale: 1).adding(ExactDecimal(coefficient: 75, scale: 2))
    #expect(sum == ExactDecimal(coefficient: 1_325, scale: 2))
  }

  @Test("a sum that does not fit is none")
  func sumOverflow() {
    #expect(ExactDecimal(coefficient: .max, scale: 0).adding(ExactDecimal(coefficient: 1, scale: 0)) == nil)
    #expect(ExactDecimal(coefficient: .max, scale: 0).adding(ExactDecimal(coefficient: 1, scale: 2)) == nil)
  }

  @Test("money is none when there are digits past the minor unit, or too many")
  func money() throws {
    let kes = try #require(Self.kes)
    #expect(ExactDecimal(coefficient: 1_255, scale: 2).money(in: kes) == Money(minorUnits: 1_255, currency: kes))
    #expect(ExactDecimal(coefficient: 12_555, scale: 3).money(in: kes) == nil)
    #expect(ExactDecimal(coefficient: Int128(Int64.max), scale: 0).money(in: kes) == nil)
    #expect(ExactDecimal(coefficient: Int128(Int64.max), scale: 2).money(in: kes)?.minorUnits == .max)
  }
}
