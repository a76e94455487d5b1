/// Cuts a document that arrives in pieces into the members of its object and the entries of its one long array.
///
/// It looks at no more than it must to find where values end (brackets and strings); whoever reads the pieces checks
/// them. The same bytes give the same events, however they are cut into pushes.
struct DocumentSplitter {
  enum Event {
    /// A bare array or the value of a member of `arrayNames` begins.
    case arrayBegan(name: [UInt8], documentOffset: Int)
    /// A whole entry; its bytes are `splitter.withValue`.
    case record(documentOffset: Int)
    case arrayEnded
    /// A whole member besides the array; its value's bytes are `splitter.withValue`.
    case member(name: [UInt8], nameOffset: Int, valueOffset: Int)
  }

  /// What breaks the document's frame; nothing after it can be told apart.
  struct Failure: Error {
    var code: RejectionCode = .malformedJSON
    var place: Place
    var documentOffset: Int
    var message: String

    enum Place {
      case document
      case record
      case member([UInt8])
    }
  }

  private enum State {
    case start
    case firstMemberOrEnd
    case nextMember
    case name
    case colon
    case value
    case memberValue
    case afterMember
    case firstRecordOrEnd
    case nextRecord
    case record
    case afterRecord
    case end
  }

  /// The names (with their quotation marks taken off, as they stand) whose arrays are cut into entries.
  let arrayNames: [[UInt8]]
  let maximumDocumentBytes: Int
  let maximumRecordBytes: Int
  let maximumHeaderBytes: Int
  /// What an entry is called in messages.
  private let entryName: String

  private var state = State.start
  private(set) var isBareArray = false
  /// Bytes of the document before the present push.
  private var pushOffset = 0
  private var headerBytes = 0
  private var name: [UInt8] = []
  private var nameOffset = 0
  private var valueOffset = 0
  /// The beginning of a value that an earlier push left unfinished.
  private var carried: [UInt8] = []
  /// The value in the present push: all of it, or what follows `carried`.
  private var valueRange = 0..<0
  private var extent = ValueExtent()

  init(arrayNames: [String], limits: BatchLimits, entryName: String = "an instruction") {
    self.entryName = entryName
    self.arrayNames = arrayNames.map { Array($0.utf8) }
    maximumDocumentBytes = limits.maximumDocumentBytes
    maximumRecordBytes = limits.maximumRecordBytes
    maximumHeaderBytes = limits.maximumHeaderBytes
  }

  /// Whether the document's last bracket was seen.
  var isAtEnd: Bool { state == .end }

  /// How many bytes were taken from pushes that are over.
  var documentOffset: Int { pushOffset }

  /// Lends the bytes of the value that the last event announced.
  mutating func withValue<R>(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let piece = UnsafeRawBufferPointer(rebasing: bytes[valueRange])
    guard !carried.isEmpty else { return body(piece) }
    carried.append(contentsOf: piece)
    defer { carried.removeAll(keepingCapacity: true) }
    return carried.withUnsafeBytes(body)
  }

  /// The next event in a push, or `nil` when the push is used up: then call `endPush`.
  mutating func next(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(Failure) -> Event? {
    while at < bytes.count {
      let byte = bytes[at]
      switch state {
      case .name, .memberValue, .record:
        if let event = try takeValue(bytes, &at) { return event }
      default:
        if Self.isWhitespace(byte) { at += 1 } else if let event = try take(byte, &at) { return event }
      }
    }
    return nil
  }

  /// Ends a push: keeps what belongs to an unfinished value.
  mutating func endPush(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    pushOffset += bytes.count
    guard pushOffset <= maximumDocumentBytes else {
      throw Failure(
        code: .batchTooLarge, place: .document, documentOffset: maximumDocumentBytes,
        message: "the document is over \(maximumDocumentBytes) bytes")
    }
  }

  /// Ends the document.
  func finish() throws(Failure) {
    guard state != .end else { return }
    if state == .record, let failure = carried.withUnsafeBytes({ syntaxFailure($0) }) { throw failure }
    let message = state == .start ? "the document is empty" : "the document ends before its last bracket"
    throw Failure(
      place: state == .record ? .record : .document, documentOffset: pushOffset, message: message)
  }

  /// What breaks the grammar in a record whose end is not found; `nil` when only its end is missing.
  private func syntaxFailure(_ beginning: UnsafeRawBufferPointer) -> Failure? {
    do throws(JSONSyntaxError) {
      _ = try JSONValue(parsing: beginning)
      return nil
    } catch {
      guard !error.isPremature else { return nil }
      return Failure(place: .record, documentOffset: valueOffset + error.byteOffset, message: error.message)
    }
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}

// The grammar between values.
extension DocumentSplitter {
  private mutating func take(_ byte: UInt8, _ at: inout Int) throws(Failure) -> Event? {
    let offset = pushOffset + at
    switch (state, byte) {
    case (.start, UInt8(ascii: "{")):
      state = .firstMemberOrEnd
    case (.start, UInt8(ascii: "[")):
      isBareArray = true
      state = .firstRecordOrEnd
      at += 1
      return .arrayBegan(name: [], documentOffset: offset)
    case (.firstMemberOrEnd, UInt8(ascii: "\"")), (.nextMember, UInt8(ascii: "\"")):
      begin(.name, byte, at)
      nameOffset = offset
      return nil
    case (.colon, UInt8(ascii: ":")):
      state = .value
    case (.value, UInt8(ascii: "[")) where arrayNames.contains(name):
      state = .firstRecordOrEnd
      at += 1
      return .arrayBegan(name: name, documentOffset: offset)
    case (.value, _) where !Self.isDelimiter(byte):
      begin(.memberValue, byte, at)
      return nil
    case (.afterMember, UInt8(ascii: ",")):
      state = .nextMember
    case (.firstMemberOrEnd, UInt8(ascii: "}")), (.afterMember, UInt8(ascii: "}")):
      state = .end
    case (.firstRecordOrEnd, UInt8(ascii: "]")), (.afterRecord, UInt8(ascii: "]")):
      state = isBareArray ? .end : .afterMember
      at += 1
      return .arrayEnded
    case (.firstRecordOrEnd, _) where !Self.isDelimiter(byte), (.nextRecord, _) where !Self.isDelimiter(byte):
      begin(.record, byte, at)
      return nil
    case (.afterRecord, UInt8(ascii: ",")):
      state = .nextRecord
    default:
      throw unexpected(byte, offset)
    }
    at += 1
    return nil
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  private mutating func begin(_ next: State, _ byte: UInt8, _ at: Int) {
    state = next
    extent = ValueExtent(first: byte)
    valueOffset = pushOffset + at
    valueRange = at..<at
    carried.removeAll(keepingCapacity: true)
  }

  private func unexpected(_ byte: UInt8, _ offset: Int) -> Failure {
    let expected: String
    var place = Failure.Place.document
    switch state {
    case .start:
      if byte == 0xEF || byte == 0xFE || byte == 0xFF {
        return Failure(
          place: place, documentOffset: offset,
          message: "the document begins with a byte order mark; write UTF-8 without one")
      }
      expected = "an object"
    case .firstMemberOrEnd: expected = "a member's name or the closing brace"
    case .nextMember, .name: expected = "a member's name"
    case .colon: (expected, place) = ("a colon", .member(name))
    case .value, .memberValue: (expected, place) = ("a value", .member(name))
    case .afterMember: (expected, place) = ("a comma or the closing brace", .member(name))
    case .firstRecordOrEnd, .nextRecord, .record: (expected, place) = (entryName, .record)
    case .afterRecord: (expected, place) = ("a comma or the closing bracket", .record)
    case .end: expected = "the end of the document"
    }
    return Failure(
      place: place, documentOffset: offset, message: "\(JSONScanner.name(byte)) stands where \(expected) is expected")
  }
}

// The values themselves.
extension DocumentSplitter {
  private mutating func takeValue(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(Failure) -> Event? {
    let start = at
    let isWhole = extent.advance(bytes, &at)
    if state == .record {
      guard pushOffset + at - valueOffset <= maximumRecordBytes else {
        let beginning = carried + bytes[start..<min(at, start + maximumRecordBytes)]
        if let failure = beginning.withUnsafeBytes({ syntaxFailure($0) }) { throw failure }
        throw Failure(
          code: .batchTooLarge, place: .record, documentOffset: valueOffset,
          message: "\(entryName) is over \(maximumRecordBytes) bytes")
      }
    } else {
      headerBytes += at - start
      guard headerBytes <= maximumHeaderBytes else {
        throw Failure(
          code: .batchTooLarge, place: .document, documentOffset: valueOffset,
          message: "the members besides the instructions are over \(maximumHeaderBytes) bytes")
      }
    }
    guard isWhole else {
      carried.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
      return nil
    }
    valueRange = start..<at
    switch state {
    case .record:
      state = .afterRecord
      return .record(documentOffset: valueOffset)
    case .memberValue:
      state = .afterMember
      return .member(name: name, nameOffset: nameOffset, valueOffset: valueOffset)
    default:
      let reading = withValue(bytes) { raw in
        Result { () throws(JSONSyntaxError) in try JSONValue(parsing: raw) }
      }
      switch reading {
      case .success(let value): name = Array((value.text ?? "").utf8)
      case .failure(let error):
        throw Failure(
          place: .document, documentOffset: valueOffset + error.byteOffset, message: error.message)
      }
      state = .colon
      return nil
    }
  }
}
