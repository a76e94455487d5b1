import Batch
import Testing

@Suite("Amounts and currencies of instructions")
struct AmountTests {
  private func line(_ amount: String, _ currency: String?) -> DocumentReading {
    let currency = currency.map { #","currency":\#($0)"# } ?? ""
    return .credit(#"{"instructionID":"I","payee":{"type":"WALLET","id":"w"},"amount":\#(amount)\#(currency)}"#)
  }

  @Test(
    "an amount is money in minor units",
    arguments: [
      (#""200""#, "RWF", 200), (#""200.00""#, "RWF", 200), ("5000", "RWF", 5_000), ("5000.0", "RWF", 5_000),
      ("1e3", "RWF", 1_000), ("7.5E3", "RWF", 7_500), ("75000e-1", "RWF", 7_500),
      (#""12.5""#, "EUR", 1_250), (#""12.50""#, "EUR", 1_250), (#""12.5000""#, "EUR", 1_250), ("0.01", "EUR", 1),
      (#""1.234""#, "TND", 1_234), (#""1""#, "TND", 1_000), (#""0.1""#, "KES", 10),
      (#""9223372036854775807""#, "RWF", .max), (#""92233720368547758.07""#, "EUR", .max),
      (#""999999999999999""#, "TND", 999_999_999_999_999_000), (#""200.00000000000000000000""#, "RWF", 200),
      (#""2\u00300""#, "RWF", 200),
    ] as [(String, String, Int64)])
  func money(amount: String, currency: String, minorUnits: Int64) throws {
    let instruction = try #require(line(amount, "\"\(currency)\"").instructions.first)
    #expect(
      try instruction.amount == Money(minorUnits: minorUnits, currency: #require(Currency(code: currency))))
    #expect(instruction.refusal == nil)
    #expect(instruction.stated == nil)
  }

  @Test(
    "an amount that is no money refuses its line alone, and is kept as it was stated",
    arguments: [
      (#""200.50""#, "200.50"), (#""0""#, "0"), (#""0.00""#, "0.00"), (#""-5""#, "-5"), ("-5", "-5"), ("0", "0"),
      (#""""#, ""), (#""abc""#, "abc"), (#""+5""#, "+5"), (#""05""#, "05"), (#"".5""#, ".5"), (#""5.""#, "5."),
      (#""1,000""#, "1,000"), (#"" 5""#, " 5"), (#""1e3""#, "1e3"), ("1e-3", "1e-3"), ("1e400", "1e400"),
      (#""9223372036854775808""#, "9223372036854775808"), ("99999999999999999999999999", "99999999999999999999999999"),
      ("1e999999999999", "1e999999999999"),
    ])
  func invalid(amount: String, stated: String) throws {
    let reading = line(amount, nil)
    let instruction = try #require(reading.instructions.first)
    #expect(reading.allProblems.isEmpty)
    #expect(instruction.refusal?.code == .invalidAmount)
    #expect(instruction.amount == nil)
    #expect(instruction.stated == StatedAmount(amount: stated, currency: "RWF"))
  }

  @Test(
    "a currency that is not of ISO 4217 refuses its line alone",
    arguments: ["XYZ", "rwf", "", "RW", "RWFF", "XAU", "EURO", "€"])
  func unknownCurrency(code: String) throws {
    let reading = line(#""5.00""#, "\"\(code)\"")
    let instruction = try #require(reading.instructions.first)
    #expect(reading.allProblems.isEmpty)
    #expect(instruction.refusal?.code == .currencyNotSupported)
    #expect(instruction.stated == StatedAmount(amount: "5.00", currency: code))
  }

  @Test(
    "an amount of another type is an error of the file", arguments: ["null", "true", "{}", "[5]"])
  func amountType(amount: String) {
    let reading = line(amount, nil)
    #expect(reading.instructions.isEmpty)
    #expect(reading.problems.map(\.code) == [.schema])
    #expect(reading.problems.first?.pointer == "/creditInstructions/0/amount")
  }

  @Test("a currency of another type is an error of the file", arguments: ["null", "646", "{}"])
  func currencyType(currency: String) {
    let reading = line("5", currency)
    #expect(reading.problems.map(\.code) == [.schema])
    #expect(reading.problems.first?.pointer == "/creditInstructions/0/currency")
  }

  @Test("an amount or currency too long to echo is an error of the file")
  func tooLongToEcho() {
    let long = String(repeating: "1", count: 65)
    #expect(line("\"\(long)\"", nil).problems.map(\.pointer) == ["/creditInstructions/0/amount"])
    #expect(line(long, nil).problems.map(\.pointer) == ["/creditInstructions/0/amount"])
    #expect(line("5", "\"\(long)\"").problems.map(\.pointer) == ["/creditInstructions/0/currency"])
  }

  @Test("a line without a currency takes the batch's")
  func defaultCurrency() {
    #expect(line("5", nil).instructions.first?.amount?.currency.code == "RWF")
  }

  @Test("no currency anywhere is an error of the file")
  func noCurrency() {
    let reading = DocumentReading.credit(
      #"{"instructionID":"I","payeeFunctionalID":"f","amount":5}"#, header: "")
    #expect(reading.problems.map(\.code) == [.schema])
    #expect(reading.problems.first?.pointer == "/creditInstructions/0/currency")
  }
}
