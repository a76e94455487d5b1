extension JSONScanner {
  /// The string whose opening quotation mark is at hand.
  @inline(__always)
  mutating func string() throws(JSONSyntaxError) -> JSONToken {
    let start = at &+ 1
    let stop = ByteScan.endOfPlainText(base, start, end)
    if stop < end, base[stop] == UInt8(ascii: "\"") {
      at = stop &+ 1
      return JSONToken(kind: .string, hasEscapes: false, start: start, end: stop)
    }
    return try longString(start, stop)
  }

  /// The rest of a string that holds more than plain ASCII; `stop` is the first byte that is not.
  @inline(never)
  private mutating func longString(_ start: Int, _ stop: Int) throws(JSONSyntaxError) -> JSONToken {
    var hasEscapes = false
    at = stop
    while at < end {
      switch base[at] {
      case UInt8(ascii: "\""):
        at += 1
        return JSONToken(kind: .string, hasEscapes: hasEscapes, start: start, end: at - 1)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        _ = try escape()
      case 0x80...:
        let length = ByteScan.utf8SequenceLength(base, at, end)
        guard length > 0 else { throw JSONSyntaxError(at, "a string is not UTF-8", isPremature: at + 4 > end) }
        at += length
      default:
        throw JSONSyntaxError(at, "a control character stands unescaped in a string")
      }
      at = ByteScan.endOfPlainText(base, at, end)
    }
    throw JSONSyntaxError(start - 1, "a string is not closed", isPremature: true)
  }

  /// The character of the escape whose backslash is at hand.
  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = at
    at += 1
    let letter = byte
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal(start)
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // RFC 8259 §7: past the basic plane, two escapes that are a UTF-16 surrogate pair.
      if (0xD800...0xDBFF).contains(unit), byte == UInt8(ascii: "\\"), at + 1 < end, base[at + 1] == UInt8(ascii: "u") {
        at += 2
        let low = try hexadecimal(start)
        if (0xDC00...0xDFFF).contains(low),
          let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
          return scalar
        }
      }
      throw JSONSyntaxError(start, "an escape is half of a surrogate pair", isPremature: at >= end)
    default:
      throw JSONSyntaxError(start, "a backslash begins no escape that JSON knows", isPremature: at > end)
    }
  }

  private mutating func hexadecimal(_ start: Int) throws(JSONSyntaxError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default:
        throw JSONSyntaxError(start, "\\u is not followed by four hexadecimal digits", isPremature: at >= end)
      }
      unit = unit << 4 | UInt32(digit)
      at += 1
    }
    return unit
  }

  /// The UTF-8 of a string token that was scanned, its escapes replaced.
  func unescaped(_ token: JSONToken) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.end - token.start)
    var scanner = self
    scanner.at = token.start
    while scanner.at < token.end {
      if base[scanner.at] == UInt8(ascii: "\\") {
        // The token was scanned, so that its escapes are sound.
        guard let scalar = try? scanner.escape() else { break }
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        bytes.append(base[scanner.at])
        scanner.at += 1
      }
    }
    return bytes
  }

  /// The UTF-8 text of a string token, lent for the time of the call.
  @inline(__always)
  func withText<R>(_ token: JSONToken, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    if token.hasEscapes { return unescaped(token).withUnsafeBufferPointer(body) }
    return body(UnsafeBufferPointer(start: base + token.start, count: token.end &- token.start))
  }

  /// The text of a string token.
  @inline(__always)
  func text(_ token: JSONToken) -> String {
    withText(token) { String(decoding: $0, as: UTF8.self) }
  }
}
