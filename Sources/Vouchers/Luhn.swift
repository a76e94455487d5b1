/// The check digit of ISO/IEC 7812-1 annex B, which finds every single wrong digit and most swapped neighbours.
enum Luhn {
  /// The digit that makes `payload` followed by it valid.
  static func checkDigit(of payload: UInt64) -> UInt64 {
    var sum: UInt64 = 0
    var rest = payload
    var isDoubled = true
    while rest > 0 {
      let digit = rest % 10
      let value = isDoubled ? 2 * digit : digit
      sum += value > 9 ? value - 9 : value
      isDoubled.toggle()
      rest /= 10
    }
    return (10 - sum % 10) % 10
  }

  /// Whether the last digit of `number` is the check digit of the others.
  static func isValid(_ number: UInt64) -> Bool { checkDigit(of: number / 10) == number % 10 }

  /// The number that 16 ASCII digits spell, if its check digit is right.
  static func number(of text: some StringProtocol) -> UInt64? {
    let utf8 = text.utf8
    guard utf8.count == 16 else { return nil }
    var number: UInt64 = 0
    for byte in utf8 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = 10 * number + UInt64(byte - UInt8(ascii: "0"))
    }
    return isValid(number) ? number : nil
  }
}
