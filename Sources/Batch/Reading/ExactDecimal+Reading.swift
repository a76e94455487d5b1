extension ExactDecimal {
  /// What a text is as a decimal.
  enum Reading: Equatable {
    case value(ExactDecimal)
    /// A decimal of more digits than fit.
    case tooLong
    case malformed
  }

  /// Reads the number grammar of RFC 8259 §6; the exponent only where it is allowed.
  static func read(_ text: UnsafeBufferPointer<UInt8>, allowsExponent: Bool) -> Reading {
    var at = 0
    func byte() -> UInt8 { at < text.count ? text[at] : 0 }
    let isNegative = byte() == UInt8(ascii: "-")
    if isNegative { at += 1 }

    var digits = DigitRun()
    let hasLeadingZero = byte() == UInt8(ascii: "0")
    let integerCount = digits.take(text, &at)
    guard integerCount == 1 || (integerCount > 1 && !hasLeadingZero) else { return .malformed }
    var exponent = 0
    if byte() == UInt8(ascii: ".") {
      at += 1
      let fractionCount = digits.take(text, &at)
      guard fractionCount > 0 else { return .malformed }
      exponent -= fractionCount
    }
    if allowsExponent, byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      at += 1
      let sign = byte() == UInt8(ascii: "-") ? -1 : 1
      if byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") { at += 1 }
      var power = DigitRun()
      guard power.take(text, &at) > 0 else { return .malformed }
      exponent += sign * power.saturated
    }
    guard at == text.count else { return .malformed }
    return digits.decimal(isNegative: isNegative, exponent: exponent)
  }

  /// Reads a text as `read(_:allowsExponent:)` does.
  static func read(_ text: String, allowsExponent: Bool = false) -> Reading {
    var text = text
    return text.withUTF8 { read($0, allowsExponent: allowsExponent) }
  }

  /// Digits with the zeros at their end held back, so that "1.000…" has as few as it needs.
  private struct DigitRun {
    var coefficient: Int128 = 0
    var zeros = 0
    var isTooLong = false

    mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Int {
      let start = at
      while at < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[at]) {
        let digit = text[at] - UInt8(ascii: "0")
        at += 1
        if digit == 0 {
          if coefficient != 0 { zeros += 1 }
        } else {
          shift(zeros + 1)
          zeros = 0
          let (sum, overflow) = coefficient.addingReportingOverflow(Int128(digit))
          if overflow { isTooLong = true } else { coefficient = sum }
        }
      }
      return at - start
    }

    mutating func shift(_ places: Int) {
      guard coefficient != 0 else { return }
      for _ in 0..<places {
        let (product, overflow) = coefficient.multipliedReportingOverflow(by: 10)
        if overflow {
          isTooLong = true
          return
        }
        coefficient = product
      }
    }

    /// The digits as the size of an exponent: what is over a million is as good as a million.
    var saturated: Int {
      var run = self
      run.shift(zeros)
      return run.isTooLong ? 1_000_000 : Int(min(run.coefficient, 1_000_000))
    }

    func decimal(isNegative: Bool, exponent: Int) -> Reading {
      if coefficient == 0 { return .value(.zero) }
      var run = self
      let power = zeros + exponent
      run.shift(max(0, power))
      guard !run.isTooLong, power >= -38 else { return .tooLong }
      return .value(
        ExactDecimal(coefficient: isNegative ? -run.coefficient : run.coefficient, scale: max(0, -power)))
    }
  }
}
