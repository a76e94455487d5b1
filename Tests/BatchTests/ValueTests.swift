import Batch
import Testing

@Suite("Values of the room")
struct ValueTests {
  @Test(
    "a currency has the digits of its minor unit",
    arguments: [("RWF", 0), ("UGX", 0), ("KES", 2), ("EUR", 2), ("TND", 3), ("BHD", 3)])
  func currencies(code: String, digits: Int) {
    let currency = Currency(code: code)
    #expect(currency?.minorUnitDigits == digits)
    #expect(currency?.code == code)
  }

  @Test("what is not in ISO 4217 is no currency", arguments: ["", "RW", "rwf", "RWFF", "XXX", "XTS", "ÉUR", "AAA"])
  func noCurrency(code: String) {
    #expect(Currency(code: code) == nil)
  }

  @Test(
    "money is written with exactly the digits of its minor unit",
    arguments: [
      ("RWF", 7_500, "7500"), ("EUR", 1_250, "12.50"), ("EUR", 5, "0.05"), ("EUR", -5, "-0.05"), ("TND", 0, "0.000"),
      ("EUR", .min, "-92233720368547758.08"),
    ] as [(String, Int64, String)])
  func decimal(code: String, minorUnits: Int64, text: String) throws {
    #expect(try Money(minorUnits: minorUnits, currency: #require(Currency(code: code))).decimal == text)
  }

  @Test("a sum of money that overflows, or of two currencies, is none")
  func sum() throws {
    let rwf = try #require(Currency(code: "RWF"))
    let kes = try #require(Currency(code: "KES"))
    let one = Money(minorUnits: 1, currency: rwf)
    #expect(one.adding(one) == Money(minorUnits: 2, currency: rwf))
    #expect(Money(minorUnits: .max, currency: rwf).adding(one) == nil)
    #expect(Money(minorUnits: 1, currency: kes).adding(one) == nil)
  }

  @Test("a payee prints masked, also within an instruction and through dump")
  func maskedPayee() throws {
    let payee = Payee(kind: .msisdn, id: "250788123456")
    let rwf = try #require(Currency(code: "RWF"))
    let instruction = Instruction(
      position: 0, instructionID: "I", order: .credit(payee), amount: Money(minorUnits: 1, currency: rwf))
    var dumped = ""
    dump(instruction, to: &dumped)
    #expect("\(payee)" == "MSISDN …56")
    for text in ["\(instruction)", String(reflecting: instruction), dumped] {
      #expect(!text.contains("250788123456"))
    }
  }

  @Test("a voucher prints without its number, also within an outcome and through dump")
  func maskedVoucher() {
    var outcome = Outcome(instructionID: "I", status: .successful, amount: "5", currency: "RWF")
    outcome.voucher = IssuedVoucher(
      serialNumber: "9000000000000019", voucherNumber: "1234567890123452",
      expiryDate: Timestamp(millisecondsSinceEpoch: 0), groupCode: "G")
    var dumped = ""
    dump(outcome, to: &dumped)
    for text in ["\(outcome)", String(reflecting: outcome), dumped] {
      #expect(!text.contains("1234567890123452"))
    }
  }

  @Test("a rejection keeps a thousand problems, and never counts fewer than it was given")
  func rejection() {
    let problems = (0..<1_200).map { Problem(.schema, byteOffset: $0, "x") }
    #expect(Rejection(problems)?.problems.count == 1_000)
    #expect(Rejection(problems)?.errorCount == 1_200)
    #expect(Rejection(problems, errorCount: 5_000)?.errorCount == 5_000)
    #expect(Rejection([]) == nil)
  }
}
