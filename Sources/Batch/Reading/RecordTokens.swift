/// The members of one record as they stand, its grammar checked and nothing else.
struct RecordTokens {
  var instructionID = JSONToken.absent
  var amount = JSONToken.absent
  var currency = JSONToken.absent
  var narration = JSONToken.absent
  var payee = JSONToken.absent
  var payeeType = JSONToken.absent
  var payeeID = JSONToken.absent
  var payeeFunctionalID = JSONToken.absent
  var groupCode = JSONToken.absent
  var serialNumber = JSONToken.absent
  var creditParty = JSONToken.absent
  /// The value of `creditParty`.
  var creditPartyValue: JSONValue?
  var unknownMemberCount = 0
  private var seenFields: UInt32 = 0
  private var seenNames: SeenNames?

  /// Reads the record that fills the scanner's bytes. `depth` is that of the record in its document.
  @inline(__always)
  init(
    _ scanner: inout JSONScanner, depth: Int, kind: BatchKind, isBareArray: Bool
  ) throws(JSONSyntaxError) {
    guard depth <= scanner.maximumDepth else { throw scanner.tooDeep }
    scanner.at += 1
    scanner.skipWhitespace()
    if scanner.byte == UInt8(ascii: "}") {
      scanner.at += 1
    } else {
      repeat {
        let name = try scanner.name()
        let field = scanner.withText(name) { RecordField($0, kind: kind, isBareArray: isBareArray) }
        try note(field, name, scanner)
        try take(field, &scanner, depth + 1)
      } while try !scanner.isLast(closing: UInt8(ascii: "}"))
    }
    try scanner.expectEnd()
  }

  @inline(__always)
  private mutating func note(
    _ field: RecordField, _ name: JSONToken, _ scanner: JSONScanner
  ) throws(JSONSyntaxError) {
    let isNew: Bool
    if field == .unknown {
      unknownMemberCount += 1
      isNew = insert(scanner.withText(name) { Array($0) })
    } else {
      let bit: UInt32 = 1 << UInt32(field.rawValue)
      isNew = seenFields & bit == 0
      seenFields |= bit
    }
    if !isNew { throw JSONSyntaxError(name.start - 1, "a member is repeated") }
  }

  @inline(never)
  private mutating func insert(_ name: [UInt8]) -> Bool {
    var names = seenNames ?? SeenNames()
    defer { seenNames = names }
    return names.insert(name)
  }

  @inline(__always)
  private mutating func take(
    _ field: RecordField, _ scanner: inout JSONScanner, _ depth: Int
  ) throws(JSONSyntaxError) {
    let token = try scanner.token()
    switch field {
    case .instructionID: instructionID = token
    case .amount: amount = token
    case .currency: currency = token
    case .narration: narration = token
    case .payeeFunctionalID: payeeFunctionalID = token
    case .groupCode: groupCode = token
    case .serialNumber: serialNumber = token
    case .payee:
      payee = token
      if token.kind == .object { return try takePayee(&scanner, depth) }
    case .creditParty:
      creditParty = token
      if token.kind == .array {
        creditPartyValue = try scanner.value(depth: depth)
        return
      }
    case .paymentMode, .unknown: break
    }
    if token.kind == .object || token.kind == .array { _ = try scanner.value(depth: depth) }
  }

  @inline(__always)
  private mutating func takePayee(_ scanner: inout JSONScanner, _ depth: Int) throws(JSONSyntaxError) {
    guard depth <= scanner.maximumDepth else { throw scanner.tooDeep }
    scanner.at += 1
    scanner.skipWhitespace()
    if scanner.byte == UInt8(ascii: "}") {
      scanner.at += 1
      return
    }
    var names: SeenNames?
    repeat {
      let name = try scanner.name()
      let field = scanner.withText(name) { $0.equals("type") ? 1 : $0.equals("id") ? 2 : 0 }
      let token = try scanner.token()
      if token.kind == .object || token.kind == .array { _ = try scanner.value(depth: depth + 1) }
      var isNew = true
      switch field {
      case 1:
        isNew = payeeType.kind == .absent
        payeeType = token
      case 2:
        isNew = payeeID.kind == .absent
        payeeID = token
      default:
        unknownMemberCount += 1
        var known = names ?? SeenNames()
        isNew = known.insert(scanner.withText(name) { Array($0) })
        names = known
      }
      if !isNew { throw JSONSyntaxError(name.start - 1, "a member is repeated") }
    } while try !scanner.isLast(closing: UInt8(ascii: "}"))
  }
}
