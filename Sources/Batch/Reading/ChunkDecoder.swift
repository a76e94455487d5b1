/// Reads the records of one chunk one after the other. Lives inside the closure that lends the chunk's bytes.
struct ChunkDecoder {
  let reader: InstructionReader
  let chunk: RecordChunk
  let base: UnsafePointer<UInt8>
  var output = DecodedChunk()
  var amounts: AmountReader
  private var lastNarration: (start: Int, count: Int, text: String)?
  // The record at hand.
  var scanner: JSONScanner
  private var position = 0
  private var extent = RecordExtent(start: 0, count: 0, documentOffset: 0)
  private var isSound = true

  init(reader: InstructionReader, chunk: RecordChunk, base: UnsafePointer<UInt8>) {
    self.reader = reader
    self.chunk = chunk
    self.base = base
    amounts = AmountReader(batchCurrency: reader.currency)
    scanner = JSONScanner(base, from: 0, to: 0, maximumDepth: reader.limits.maximumDepth)
    output.instructions.reserveCapacity(chunk.count)
  }

  mutating func decode(_ index: Int) {
    extent = chunk.records[index]
    position = chunk.firstPosition + index
    isSound = true
    scanner = JSONScanner(
      base, from: extent.start, to: extent.start + extent.count, maximumDepth: reader.limits.maximumDepth)
    let tokens: RecordTokens
    do throws(JSONSyntaxError) {
      guard scanner.byte == UInt8(ascii: "{") else {
        let value = try scanner.value()
        try scanner.expectEnd()
        return report(.schema, "", extent.start, "an instruction must be an object, not \(value.kindName)")
      }
      tokens = try RecordTokens(
        &scanner, depth: chunk.isBareArray ? 2 : 3, kind: reader.kind, isBareArray: chunk.isBareArray)
    } catch {
      return report(.malformedJSON, "", error.byteOffset, error.message)
    }
    output.unknownMemberCount += tokens.unknownMemberCount
    build(tokens)
  }

  mutating func finish() -> DecodedChunk {
    output.totals = amounts.takeTotals()
    output.totals.count = chunk.count
    return output
  }

  /// Adds a problem of the record at hand; `index` is that of the byte it begins at.
  @inline(never)
  mutating func report(_ code: RejectionCode, _ pointer: String, _ index: Int, _ message: String) {
    isSound = false
    output.add(
      Problem(
        code, pointer: "\(chunk.arrayPointer)/\(position)\(pointer)",
        byteOffset: extent.documentOffset + index - extent.start, message))
  }

  @inline(__always)
  private mutating func build(_ tokens: RecordTokens) {
    let instructionID = required(
      tokens.instructionID, chunk.isBareArray ? "requestId" : "instructionID", .instructionID)
    let narration = narration(tokens.narration)
    var amount = AmountReader.Reading.missing
    if checkStated(tokens) { amount = amounts.read(tokens.amount, tokens.currency, scanner) }
    var refusal: Reason?
    let order: Instruction.Order?
    switch reader.kind {
    case .credit: order = credit(tokens, &refusal)
    case .voucher: order = voucher(tokens, &refusal)
    }
    guard isSound, let order, let instructionID else { return }
    switch amount {
    case .missing: break
    case .money(let money):
      output.instructions.append(
        Instruction(
          position: position, instructionID: instructionID, order: order, amount: money, narration: narration,
          refusal: refusal))
    case .none(let stated, let reason):
      output.instructions.append(
        Instruction(
          position: position, instructionID: instructionID, order: order, amount: nil, stated: stated,
          narration: narration, refusal: reason))
    }
  }

  /// Whether amount and currency are of types and lengths that a result can echo.
  @inline(__always)
  private mutating func checkStated(_ tokens: RecordTokens) -> Bool {
    var isFit = true
    switch tokens.amount.kind {
    case .string, .number:
      if tokens.amount.end &- tokens.amount.start > 15, let fault = fault(tokens.amount, .stated) {
        report(.schema, "/amount", tokens.amount.start, "amount \(fault)")
        isFit = false
      }
    case .absent:
      report(.schema, "/amount", extent.start, "amount is missing")
      isFit = false
    default:
      report(
        .schema, "/amount", tokens.amount.start,
        "amount must be a decimal in a string or a number, not \(tokens.amount.kindName)")
      isFit = false
    }
    if tokens.currency.kind == .absent {
      if reader.currency == nil {
        report(.schema, "/currency", extent.start, "currency is missing, and the batch names none")
        isFit = false
      }
    } else if tokens.currency.kind != .string || tokens.currency.end &- tokens.currency.start != 3 {
      isFit = optional(tokens.currency, "currency", .stated) != nil && isFit
    }
    return isFit
  }

  @inline(__always)
  private mutating func narration(_ token: JSONToken) -> String? {
    guard token.kind == .string, !token.hasEscapes else { return optional(token, "narration", .narration) }
    let count = token.end &- token.start
    // Most batches say the same to everyone.
    if let last = lastNarration, last.count == count, equal(last.start, token.start, count) { return last.text }
    guard let text = optional(token, "narration", .narration) else { return nil }
    lastNarration = (token.start, count, text)
    return text
  }

  @inline(__always)
  private func equal(_ left: Int, _ right: Int, _ count: Int) -> Bool {
    for index in 0..<count where base[left &+ index] != base[right &+ index] { return false }
    return true
  }
}

extension ChunkDecoder {
  @inline(__always)
  private func fault(_ token: JSONToken, _ rule: TextRule) -> String? {
    scanner.withText(token) { rule.fault($0) }
  }

  /// The text of a member that must be there.
  @inline(__always)
  mutating func required(_ token: JSONToken, _ name: String, _ rule: TextRule, within parent: String = "") -> String? {
    if token.kind == .absent {
      report(.schema, "\(parent)/\(name)", recordStart, "\(name) is missing")
      return nil
    }
    return optional(token, name, rule, within: parent)
  }

  /// The text of a member that may be there; reports what is wrong with it.
  @inline(__always)
  mutating func optional(_ token: JSONToken, _ name: String, _ rule: TextRule, within parent: String = "") -> String? {
    if token.kind == .absent { return nil }
    guard token.kind == .string else {
      report(.schema, "\(parent)/\(name)", token.start, "\(name) must be a string, not \(token.kindName)")
      return nil
    }
    if let fault = fault(token, rule) {
      report(.schema, "\(parent)/\(name)", token.start - 1, "\(name) \(fault)")
      return nil
    }
    return scanner.text(token)
  }

  /// Where the record at hand begins.
  var recordStart: Int { extent.start }
}
