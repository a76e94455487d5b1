import Testing

@testable import Vouchers

@Suite("A voucher number")
struct VoucherNumberTests {
  // The examples of ISO/IEC 7812-1 and of card schemes' test numbers.
  @Test("has the check digit of Luhn", arguments: [(7_992_739_871, 3), (411_111_111_111_111, 1), (0, 0), (18, 2)])
  func luhn(payload: UInt64, digit: UInt64) {
    #expect(Luhn.checkDigit(of: payload) == digit)
  }

  @Test("begins with 1 to 8, at both ends of the range")
  func ends() {
    #expect(VoucherNumber(index: 0).revealed().hasPrefix("100000000000000"))
    #expect(VoucherNumber(index: VoucherNumber.count - 1).revealed().hasPrefix("899999999999999"))
  }

  @Test("is read back from its digits")
  func read() throws {
    let generator = VoucherNumberGenerator()
    for _ in 0..<1_000 {
      let number = try generator.next()
      let digits = number.revealed()
      #expect(digits.utf8.count == 16 && ("1"..."8").contains(digits.prefix(1)))
      #expect(VoucherNumber(digits) == number)
    }
  }

  @Test(
    "is not read from other digits",
    arguments: [
      "", "1000000000000009 ", "100000000000000", "10000000000000090", "1000000000000000", "9000000000000001",
      "0000000000000000", "１000000000000009", "100000000000000a",
    ])
  func refused(digits: String) { #expect(VoucherNumber(digits) == nil) }

  @Test("finds every single wrong digit")
  func wrongDigit() throws {
    let digits = Array(try VoucherNumberGenerator().next().revealed())
    for place in digits.indices {
      for other in "0123456789" where other != digits[place] {
        var wrong = digits
        wrong[place] = other
        #expect(VoucherNumber(String(wrong)) == nil)
      }
    }
  }

  @Test("prints masked however it is printed")
  func masked() throws {
    let number = try VoucherNumberGenerator().next()
    var dumped = ""
    dump(number, to: &dumped)
    var dumpedInside = ""
    dump([Optional(number)], to: &dumpedInside)
    for text in [String(describing: number), String(reflecting: number), dumped, dumpedInside, "\([number])"] {
      #expect(!text.contains(String(number.revealed().prefix(6))))
    }
  }

  // A chi-squared sum of 75 or more over 9 degrees of freedom comes by chance once in 10^12 draws of a fair generator.
  @Test("has each digit in each place equally often")
  func uniform() throws {
    let generator = VoucherNumberGenerator()
    let count = 100_000
    var frequencies = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 15)
    for _ in 0..<count {
      for (place, digit) in try generator.next().revealed().utf8.prefix(15).enumerated() {
        frequencies[place][Int(digit - UInt8(ascii: "0"))] += 1
      }
    }
    #expect(frequencies[0][0] == 0 && frequencies[0][9] == 0)
    for (place, frequency) in frequencies.enumerated() {
      let cells = place == 0 ? frequency[1...8] : frequency[...]
      // The sum of (observed - expected)² / expected, in integers: times the number of cells and numbers.
      let sum = cells.reduce(0) { sum, observed in
        let difference = observed * cells.count - count
        return sum + difference * difference
      }
      #expect(sum < 75 * count * cells.count, "place \(place) is not uniform")
    }
  }

  @Test("is never drawn twice in a hundred thousand")
  func distinct() throws {
    let generator = VoucherNumberGenerator()
    var seen: Set<VoucherNumber> = []
    // Ten repetitions would come by chance once in 10^80 runs; one, once in 160,000.
    for _ in 0..<100_000 { seen.insert(try generator.next()) }
    #expect(seen.count > 99_990)
  }
}

@Suite("A serial number")
struct SerialNumberTests {
  @Test(
    "has 16 digits, begins with 9, and is read back", arguments: [1, 2, 10, 123_456_789, SerialNumber.maximumSequence])
  func shape(sequence: Int64) throws {
    let serial = try #require(SerialNumber(sequence: sequence))
    #expect(serial.digits.utf8.count == 16 && serial.digits.hasPrefix("9"))
    #expect(SerialNumber(serial.digits) == serial)
    #expect(VoucherNumber(serial.digits) == nil)
  }

  @Test("is not made beyond its range or read from other digits")
  func refused() {
    #expect(SerialNumber(sequence: 0) == nil)
    #expect(SerialNumber(sequence: SerialNumber.maximumSequence + 1) == nil)
    #expect(SerialNumber("9000000000000010") == nil)
    #expect(SerialNumber(VoucherNumber(index: 5).revealed()) == nil)
  }
}
