extension JSONScanner {
  /// The whole value at hand.
  mutating func value(depth: Int = 1) throws(JSONSyntaxError) -> JSONValue {
    let token = try token()
    switch token.kind {
    case .object: return .object(try members(depth: depth))
    case .array: return .array(try elements(depth: depth))
    case .string: return .string(text(token))
    case .number: return .number(String(decoding: bytes(token), as: UTF8.self))
    case .bool: return .bool(base[token.start] == UInt8(ascii: "t"))
    case .null, .absent: return .null
    }
  }

  /// The bytes of a token as they stand.
  @inline(__always)
  func bytes(_ token: JSONToken) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + token.start, count: token.end &- token.start)
  }

  /// Throws unless only white space follows.
  mutating func expectEnd() throws(JSONSyntaxError) {
    skipWhitespace()
    guard at == end else { throw JSONSyntaxError(at, "\(Self.name(base[at])) stands after the end of the value") }
  }

  private mutating func members(depth: Int) throws(JSONSyntaxError) -> [(String, JSONValue)] {
    try open(depth)
    var members: [(String, JSONValue)] = []
    var names = SeenNames()
    skipWhitespace()
    if byte == UInt8(ascii: "}") {
      at += 1
      return members
    }
    while true {
      let name = try self.name()
      if !names.insert(withText(name) { Array($0) }) {
        throw JSONSyntaxError(name.start - 1, "a member is repeated")
      }
      members.append((text(name), try value(depth: depth + 1)))
      if try isLast(closing: UInt8(ascii: "}")) { return members }
    }
  }

  private mutating func elements(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
    try open(depth)
    var elements: [JSONValue] = []
    skipWhitespace()
    if byte == UInt8(ascii: "]") {
      at += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth + 1))
      if try isLast(closing: UInt8(ascii: "]")) { return elements }
    }
  }

  private mutating func open(_ depth: Int) throws(JSONSyntaxError) {
    guard depth <= maximumDepth else { throw tooDeep }
    at += 1
  }

  var tooDeep: JSONSyntaxError { JSONSyntaxError(at, "it is nested deeper than \(maximumDepth) levels") }

  /// A member's name and the colon after it.
  @inline(__always)
  mutating func name() throws(JSONSyntaxError) -> JSONToken {
    skipWhitespace()
    guard byte == UInt8(ascii: "\"") else { throw unexpected("a member's name") }
    let name = try string()
    try expect(UInt8(ascii: ":"), "a colon")
    return name
  }

  /// Takes the comma or the closing bracket after an entry.
  @inline(__always)
  mutating func isLast(closing bracket: UInt8) throws(JSONSyntaxError) -> Bool {
    skipWhitespace()
    guard at < end, base[at] == UInt8(ascii: ",") || base[at] == bracket else {
      throw unexpected("a comma or the closing bracket")
    }
    at &+= 1
    return base[at &- 1] == bracket
  }
}

/// The names of one object, compared byte by byte: Swift compares texts by canonical equivalence, JSON does not.
struct SeenNames: Sendable {
  private var names: Set<[UInt8]> = []

  mutating func insert(_ name: [UInt8]) -> Bool { names.insert(name).inserted }

  func contains(_ name: [UInt8]) -> Bool { names.contains(name) }
}

extension JSONValue {
  /// Reads a document that is small enough for memory, strictly: UTF-8, grammar, no member twice, depth.
  public init(parsing bytes: UnsafeRawBufferPointer, maximumDepth: Int = 32) throws(JSONSyntaxError) {
    let bytes = bytes.bindMemory(to: UInt8.self)
    guard let base = bytes.baseAddress else { throw JSONSyntaxError(0, "it is empty") }
    var scanner = JSONScanner(base, from: 0, to: bytes.count, maximumDepth: maximumDepth)
    self = try scanner.value()
    try scanner.expectEnd()
  }

  /// Reads a document that is small enough for memory.
  public init(parsing bytes: [UInt8], maximumDepth: Int = 32) throws(JSONSyntaxError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONSyntaxError) in try JSONValue(parsing: bytes, maximumDepth: maximumDepth) }
    }
    self = try result.get()
  }
}
