/// Finds where a JSON value ends, over as many pushes as it takes, by its brackets and quotation marks alone.
struct ValueExtent {
  private enum Form {
    case composite
    case string
    case scalar
  }

  private var form = Form.scalar
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  init() {}

  init(first byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["): form = .composite
    case UInt8(ascii: "\""): form = .string
    default: form = .scalar
    }
  }

  /// Moves `at` over the value; whether its end was found, and then `at` is behind it.
  mutating func advance(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
    if form == .scalar { return advanceScalar(bytes, &at) }
    let bytes = bytes.assumingMemoryBound(to: UInt8.self)
    guard let base = bytes.baseAddress else { return false }
    return advanceBrackets(base, &at, bytes.count)
  }

  private func advanceScalar(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return true
      default: at += 1
      }
    }
    return false
  }

  private mutating func advanceBrackets(_ base: UnsafePointer<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    var at = position
    var depth = depth
    var isInString = isInString
    defer {
      position = at
      self.depth = depth
      self.isInString = isInString
    }
    if isEscaped, at < end {
      isEscaped = false
      at += 1
    }
    while at < end {
      if isInString {
        at = ByteScan.quoteOrBackslash(base, at, end)
        guard at < end else { return false }
        if base[at] == UInt8(ascii: "\"") {
          at &+= 1
          isInString = false
          if depth == 0 { return true }
        } else if at &+ 1 < end {
          at &+= 2
          continue
        } else {
          isEscaped = true
          at &+= 1
          return false
        }
      }
      while at < end {
        let byte = base[at]
        at &+= 1
        if byte == UInt8(ascii: "\"") {
          isInString = true
          break
        }
        // '{' and '[' differ in one bit, as do '}' and ']'.
        let folded = byte | 0x20
        if folded == UInt8(ascii: "{") {
          depth &+= 1
        } else if folded == UInt8(ascii: "}") {
          depth &-= 1
          if depth <= 0 { return true }
        }
      }
    }
    return false
  }
}
