extension JSONValue {
  /// The value as UTF-8 JSON; `pretty` breaks lines and indents by two.
  public func serialized(pretty: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, indentation: pretty ? 0 : nil)
    return bytes
  }

  /// Appends the value as UTF-8 JSON without white space.
  public func write(to bytes: inout [UInt8]) {
    write(to: &bytes, indentation: nil)
  }

  private func write(to bytes: inout [UInt8], indentation: Int?) {
    switch self {
    case .object(let members):
      let inner = indentation.map { $0 + 2 }
      bytes.append(UInt8(ascii: "{"))
      for (index, (name, value)) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.breakLine(&bytes, inner)
        bytes.appendJSON(name)
        bytes.append(UInt8(ascii: ":"))
        if inner != nil { bytes.append(UInt8(ascii: " ")) }
        value.write(to: &bytes, indentation: inner)
      }
      if !members.isEmpty { Self.breakLine(&bytes, indentation) }
      bytes.append(UInt8(ascii: "}"))
    case .array(let elements):
      let inner = indentation.map { $0 + 2 }
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.breakLine(&bytes, inner)
        element.write(to: &bytes, indentation: inner)
      }
      if !elements.isEmpty { Self.breakLine(&bytes, indentation) }
      bytes.append(UInt8(ascii: "]"))
    case .string(let text): bytes.appendJSON(text)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let digits): bytes.append(contentsOf: digits.utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .null: bytes.append(contentsOf: "null".utf8)
    }
  }

  private static func breakLine(_ bytes: inout [UInt8], _ indentation: Int?) {
    guard let indentation else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }
}

extension [UInt8] {
  /// Appends a text as a JSON string.
  mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { appendEscaped($0) }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var at = 0
    while at < text.count {
      let stop = ByteScan.endOfPlainText(base, at, text.count)
      append(contentsOf: UnsafeBufferPointer(rebasing: text[at..<stop]))
      guard stop < text.count else { return }
      at = stop + 1
      switch text[stop] {
      case 0x22: append(contentsOf: "\\\"".utf8)
      case 0x5C: append(contentsOf: "\\\\".utf8)
      case 0x0A: append(contentsOf: "\\n".utf8)
      case 0x0D: append(contentsOf: "\\r".utf8)
      case 0x09: append(contentsOf: "\\t".utf8)
      case 0x80...: append(text[stop])
      case let control:
        append(contentsOf: "\\u00".utf8)
        append(UInt8(ascii: "0") + control >> 4)
        append(Array("0123456789abcdef".utf8)[Int(control & 15)])
      }
    }
  }
}
