extension ControlStatement {
  /// Reads the value of `control`.
  init(reading value: JSONValue, unknownMemberCount: inout Int) throws(SchemaError) {
    guard case .object(let members) = value else { throw SchemaError("must be an object, not \(value.kindName)") }
    self.init()
    for (name, value) in members {
      switch name {
      case "count": count = try Self.count(value)
      case "total": total = try Self.total(value)
      default: unknownMemberCount += 1
      }
    }
  }

  private static func count(_ value: JSONValue) throws(SchemaError) -> Int {
    guard case .number(let text) = value, case .value(let number) = ExactDecimal.read(text, allowsExponent: true),
      number.scale == 0, let count = Int(exactly: number.coefficient), count >= 0
    else { throw SchemaError(pointer: "/count", "must be a whole number from 0") }
    return count
  }

  private static func total(_ value: JSONValue) throws(SchemaError) -> Total {
    guard case .object(let members) = value else { return .plain(try decimal(value, "/total")) }
    var sums: [String: ExactDecimal] = [:]
    for (code, value) in members {
      guard Currency(code: code) != nil else {
        throw SchemaError(pointer: "/total", "has a name that is not a currency of ISO 4217")
      }
      sums[code] = try decimal(value, "/total/\(code)")
    }
    return .byCurrency(sums)
  }

  private static func decimal(_ value: JSONValue, _ pointer: String) throws(SchemaError) -> ExactDecimal {
    let reading: ExactDecimal.Reading =
      switch value {
      case .string(let text): ExactDecimal.read(text, allowsExponent: false)
      case .number(let text): ExactDecimal.read(text, allowsExponent: true)
      default: .malformed
      }
    switch reading {
    case .value(let number): return number
    case .tooLong: throw SchemaError(pointer: pointer, "has more digits than can be compared")
    case .malformed: throw SchemaError(pointer: pointer, "must be a decimal, such as \"12500.00\"")
    }
  }
}
