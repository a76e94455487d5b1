/// Reads the members of a batch's object besides its instructions, and gathers what is wrong with them.
struct HeaderDecoder: Sendable {
  private(set) var header = PartialHeader()
  private(set) var unknownMemberCount = 0
  private var problems: [Problem] = []
  private var problemCount = 0
  private var names = SeenNames()

  mutating func add(_ problem: Problem) {
    problemCount += 1
    if problems.count < Rejection.maximumProblems { problems.append(problem) }
  }

  /// The errors in the document's order; `nil` when there is none.
  func rejection() -> Rejection? {
    let ordered = problems.enumerated().sorted {
      ($0.element.byteOffset ?? .max, $0.offset) < ($1.element.byteOffset ?? .max, $1.offset)
    }
    return Rejection(ordered.map(\.element), errorCount: problemCount)
  }

  mutating func take(_ identity: BareArrayIdentity) {
    header.seen = Set(HeaderMember.allCases)
    header.kind = .credit
    header.batchID = identity.batchID
    header.sourceBBID = identity.sourceBBID
    header.requestID = identity.requestID
    header.programID = identity.programID
    header.currency = identity.currency
    check(identity.batchID, TextRule.batchID, "the batch ID")
    check(identity.sourceBBID, TextRule.upTo20, "the source")
    check(identity.requestID, TextRule.upTo50, "the request ID")
    check(identity.programID, TextRule.upTo20, "the programme")
  }

  /// What an operator names obeys the rules of the member that it stands for.
  private mutating func check(_ text: String?, _ rule: TextRule, _ what: String) {
    guard var text, let fault = text.withUTF8({ rule.fault($0) }) else { return }
    add(Problem(.schema, "\(what) that was given for the bare array \(fault)"))
  }

  mutating func beginArray(_ name: [UInt8], offset: Int) {
    let text = String(decoding: name, as: UTF8.self)
    guard names.insert(name) else { return addRepeated(text, offset) }
    if header.kind == nil {
      header.kind = BatchKind.allCases.first { $0.arrayName == text }
    } else {
      add(
        Problem(
          .schema, pointer: JSONPointer.member(text), byteOffset: offset,
          "a batch may have creditInstructions or voucherInstructions, not both"))
    }
  }

  /// Reads one member.
  mutating func take(
    _ name: [UInt8], nameOffset: Int, _ raw: UnsafeRawBufferPointer, valueOffset: Int, _ maximumDepth: Int
  ) {
    let text = String(decoding: name, as: UTF8.self)
    guard names.insert(name) else { return addRepeated(text, nameOffset) }
    let member = HeaderMember.allCases.first { $0.rawValue.utf8.elementsEqual(name) }
    if let member { header.seen.insert(member) }
    do throws(JSONSyntaxError) {
      // The document's own object is the first level.
      let value = try JSONValue(parsing: raw, maximumDepth: maximumDepth - 1)
      if let member {
        read(member, value, valueOffset)
      } else if BatchKind.allCases.contains(where: { $0.arrayName.utf8.elementsEqual(name) }) {
        add(
          Problem(
            .schema, pointer: JSONPointer.member(text), byteOffset: valueOffset,
            "\(text) must be an array, not \(value.kindName)"))
      } else {
        unknownMemberCount += 1
      }
    } catch {
      add(
        Problem(
          .malformedJSON, pointer: JSONPointer.member(text), byteOffset: valueOffset + error.byteOffset,
          error.message))
    }
  }

  /// Adds what is missing; at the document's end.
  mutating func checkRequiredMembers() {
    for member in [HeaderMember.batchID, .sourceBBID] where !header.seen.contains(member) {
      add(Problem(.schema, pointer: "/\(member.rawValue)", "\(member.rawValue) is missing"))
    }
    if header.kind == nil, !BatchKind.allCases.contains(where: { names.contains(Array($0.arrayName.utf8)) }) {
      add(Problem(.schema, "a batch must have creditInstructions or voucherInstructions; it has neither"))
    }
  }

  private mutating func addRepeated(_ name: String, _ offset: Int) {
    add(
      Problem(
        .malformedJSON, pointer: JSONPointer.member(name), byteOffset: offset, "a member is repeated"))
  }

  private mutating func read(_ member: HeaderMember, _ value: JSONValue, _ offset: Int) {
    let pointer = "/\(member.rawValue)"
    do throws(SchemaError) {
      switch member {
      case .batchID: header.batchID = try TextRule.batchID.read(value)
      case .sourceBBID: header.sourceBBID = try TextRule.upTo20.read(value)
      case .requestID: header.requestID = try TextRule.upTo50.read(value)
      case .recipientID: header.recipientID = try TextRule.upTo50.read(value)
      case .programID: header.programID = try TextRule.upTo20.read(value)
      case .currency:
        guard let currency = Currency(code: try TextRule.upTo20.read(value)) else {
          throw SchemaError("is not a currency of ISO 4217")
        }
        header.currency = currency
      case .createdAt: header.createdAt = try Self.timestamp(value)
      case .executeAt: header.executeAt = try Self.timestamp(value)
      case .expiresAt: header.expiresAt = try Self.timestamp(value)
      case .control: header.control = try ControlStatement(reading: value, unknownMemberCount: &unknownMemberCount)
      }
    } catch {
      add(
        Problem(
          .schema, pointer: pointer + error.pointer, byteOffset: offset,
          "\(member.rawValue)\(error.pointer.replacingSlashes) \(error.message)"))
    }
  }

  private static func timestamp(_ value: JSONValue) throws(SchemaError) -> Timestamp {
    guard let timestamp = Timestamp(rfc3339: try TextRule.upTo50.read(value)) else {
      throw SchemaError("is not a date and time of RFC 3339, such as 2026-11-23T02:00:00Z")
    }
    return timestamp
  }
}

extension String {
  fileprivate var replacingSlashes: String { String(map { $0 == "/" ? "." : $0 }) }
}
