/// What breaks the grammar, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// In bytes from the start of what was read.
  public let byteOffset: Int
  /// What is wrong, in words.
  public let message: String
  /// Whether more bytes could have mended it.
  let isPremature: Bool

  init(_ byteOffset: Int, _ message: String, isPremature: Bool = false) {
    self.byteOffset = byteOffset
    self.message = message
    self.isPremature = isPremature
  }
}

/// A scalar or the beginning of an object or array, as it stands in the bytes.
struct JSONToken {
  enum Kind: UInt8 {
    case absent
    case string
    case number
    case bool
    case null
    case object
    case array
  }

  var kind: Kind
  /// Whether a string holds escapes, so that its bytes are not yet its text.
  var hasEscapes: Bool
  /// A string's bytes are those between its quotation marks.
  var start: Int
  var end: Int

  static let absent = JSONToken(kind: .absent, hasEscapes: false, start: 0, end: 0)

  var kindName: String {
    switch kind {
    case .absent: "nothing"
    case .string: "a string"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    case .object: "an object"
    case .array: "an array"
    }
  }
}

/// A strict reader of JSON (RFC 8259) over bytes in memory: UTF-8, grammar, surrogates, depth.
///
/// It holds a pointer, so it lives only inside the closure that lends the bytes. Every index is checked against `end`.
struct JSONScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  var at: Int
  let maximumDepth: Int

  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, maximumDepth: Int) {
    self.base = base
    self.end = end
    at = start
    self.maximumDepth = maximumDepth
  }

  /// The byte at hand; 0, which is no token, at the end.
  var byte: UInt8 {
    @inline(__always) get { at < end ? base[at] : 0 }
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while at < end {
      let byte = base[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at &+= 1
    }
  }

  /// Takes `expected` after white space, or throws.
  @inline(__always)
  mutating func expect(_ expected: UInt8, _ place: StaticString) throws(JSONSyntaxError) {
    skipWhitespace()
    guard byte == expected, at < end else { throw unexpected(place) }
    at &+= 1
  }

  func unexpected(_ place: StaticString) -> JSONSyntaxError {
    guard at < end else { return JSONSyntaxError(at, "it ends where \(place) is expected", isPremature: true) }
    return JSONSyntaxError(at, "\(JSONScanner.name(base[at])) stands where \(place) is expected")
  }

  /// A byte in words, never the text around it.
  static func name(_ byte: UInt8) -> String {
    if (0x21...0x7E).contains(byte) { return "'\(Unicode.Scalar(byte))'" }
    let hex = String(byte, radix: 16, uppercase: true)
    return "byte 0x\(hex.count == 1 ? "0" : "")\(hex)"
  }

  /// The scalar at hand, or the kind of the object or array that begins here (then nothing is taken).
  @inline(__always)
  mutating func token() throws(JSONSyntaxError) -> JSONToken {
    skipWhitespace()
    switch byte {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "{"): return JSONToken(kind: .object, hasEscapes: false, start: at, end: at)
    case UInt8(ascii: "["): return JSONToken(kind: .array, hasEscapes: false, start: at, end: at)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try literal("true", .bool)
    case UInt8(ascii: "f"): return try literal("false", .bool)
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw unexpected("a value")
    }
  }

  private mutating func literal(_ word: StaticString, _ kind: JSONToken.Kind) throws(JSONSyntaxError) -> JSONToken {
    let start = at
    for index in 0..<word.utf8CodeUnitCount {
      guard at < end, base[at] == word.utf8Start[index] else { throw unexpected("a value") }
      at += 1
    }
    return JSONToken(kind: kind, hasEscapes: false, start: start, end: at)
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONToken {
    let start = at
    if byte == UInt8(ascii: "-") { at += 1 }
    if byte == UInt8(ascii: "0") {
      at += 1
      if isDigit { throw JSONSyntaxError(at, "a number has a leading zero") }
    } else {
      try digits()
    }
    if byte == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      at += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    return JSONToken(kind: .number, hasEscapes: false, start: start, end: at)
  }

  private var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func digits() throws(JSONSyntaxError) {
    guard isDigit else { throw unexpected("a digit") }
    while isDigit { at += 1 }
  }
}
