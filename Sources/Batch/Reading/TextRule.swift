/// A value that the format does not allow: where below the member, and what is wrong with it.
struct SchemaError: Error {
  var pointer = ""
  var message: String

  init(pointer: String = "", _ message: String) {
    self.pointer = pointer
    self.message = message
  }
}

/// How long a text may be, in Unicode scalars, and of which characters.
struct TextRule: Sendable {
  enum Characters: Sendable {
    /// `A-Z a-z 0-9 . _ : -`
    case identifier
    /// Anything but control characters.
    case printable
    /// Anything but control characters besides tab and line breaks.
    case prose
  }

  let maximumLength: Int
  let characters: Characters
  var minimumLength = 1

  static let batchID = TextRule(maximumLength: 50, characters: .identifier)
  static let instructionID = TextRule(maximumLength: 36, characters: .identifier)
  static let upTo20 = TextRule(maximumLength: 20, characters: .printable)
  static let upTo50 = TextRule(maximumLength: 50, characters: .printable)
  static let payeeID = TextRule(maximumLength: 34, characters: .printable)
  static let narration = TextRule(maximumLength: 160, characters: .prose, minimumLength: 0)
  /// What stands for an amount or a currency, however wrong, so that a result can echo it.
  static let stated = TextRule(maximumLength: 64, characters: .printable, minimumLength: 0)

  /// What is wrong with a text; `nil` when nothing is.
  @inline(__always)
  func fault(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    var isAllowed = true
    var continuations = 0
    for byte in text {
      isAllowed = isAllowed && allows(byte)
      if byte & 0xC0 == 0x80 { continuations &+= 1 }
    }
    let length = text.count &- continuations
    if isAllowed, length >= minimumLength, length <= maximumLength { return nil }
    return describe(length)
  }

  /// Reads a header's text.
  func read(_ value: JSONValue) throws(SchemaError) -> String {
    guard case .string(var text) = value else { throw SchemaError("must be a string, not \(value.kindName)") }
    if let fault = text.withUTF8({ fault($0) }) { throw SchemaError(fault) }
    return text
  }

  @inline(__always)
  private func allows(_ byte: UInt8) -> Bool {
    switch characters {
    case .identifier: Self.isIdentifier(byte)
    case .printable: byte >= 0x20 && byte != 0x7F
    case .prose: (byte >= 0x20 && byte != 0x7F) || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
  }

  /// One bit for each ASCII character of `A-Z a-z 0-9 . _ : -`.
  @inline(__always)
  private static func isIdentifier(_ byte: UInt8) -> Bool {
    let low: UInt64 = 0x07FF_6000_0000_0000
    let high: UInt64 = 0x07FF_FFFE_87FF_FFFE
    guard byte < 0x80 else { return false }
    return ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
  }

  @inline(never)
  private func describe(_ length: Int) -> String {
    if length < minimumLength { return "is empty" }
    if length > maximumLength { return "has \(length) characters, at most \(maximumLength) are allowed" }
    switch characters {
    case .identifier: return "has a character other than A-Z a-z 0-9 . _ : -"
    case .printable, .prose: return "has a control character"
    }
  }
}
