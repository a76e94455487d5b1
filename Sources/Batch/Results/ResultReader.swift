/// A result document besides its lines.
public struct ResultDocument: Hashable, Sendable {
  /// The header with its summary.
  public let header: ResultHeader
  /// The errors of a rejected batch.
  public let problems: [Problem]
  /// How many errors there are in all.
  public let errorCount: Int
  /// How many lines there are.
  public let lineCount: Int
}

/// Why a document is no result.
public enum ResultReaderError: Error, Hashable, Sendable {
  /// It breaks the grammar of JSON, or ends too early.
  case malformed(byteOffset: Int, message: String)
  /// A member is missing or is not what the format says.
  case schema(pointer: String, message: String)
}

/// Reads a result document as it arrives, a line at a time.
public struct ResultReader: Sendable {
  private var splitter: DocumentSplitter
  private var members: [(String, JSONValue)] = []
  private var names = SeenNames()
  private var lineCount = 0

  /// A reader at the start of a document.
  public init() {
    var limits = BatchLimits()
    limits.maximumHeaderBytes = 16 << 20
    splitter = DocumentSplitter(arrayNames: ["results"], limits: limits)
  }

  /// Takes the next bytes and hands on each line that is whole.
  ///
  /// Throws a `ResultReaderError`, or whatever `emit` throws.
  public mutating func consume(_ bytes: UnsafeRawBufferPointer, emit: (Outcome) throws -> Void) throws {
    var at = 0
    while let event = try next(bytes, &at) {
      switch event {
      case .arrayBegan(let name, let offset):
        guard !splitter.isBareArray else {
          throw ResultReaderError.malformed(byteOffset: offset, message: "a result must be an object, not an array")
        }
        try note(name, offset)
      case .arrayEnded: break
      case .member(let name, let nameOffset, let valueOffset):
        try note(name, nameOffset)
        members.append((String(decoding: name, as: UTF8.self), try value(bytes, valueOffset)))
      case .record(let offset):
        let line = ResultFields(value: try value(bytes, offset), pointer: "/results/\(lineCount)")
        lineCount += 1
        try emit(try line.outcome())
      }
    }
  }

  /// Ends the document and answers what stands beside the lines.
  public mutating func finish() throws(ResultReaderError) -> ResultDocument {
    do throws(DocumentSplitter.Failure) {
      try splitter.finish()
    } catch {
      throw .malformed(byteOffset: error.documentOffset, message: error.message)
    }
    let document = ResultFields(value: .object(members), pointer: "")
    var problems: [Problem] = []
    for error in try document.elements("errors") ?? [] { problems.append(try error.problem()) }
    return ResultDocument(
      header: try document.header(), problems: problems,
      errorCount: try document.optionalInteger("errorCount") ?? problems.count, lineCount: lineCount)
  }

  private mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) throws(ResultReaderError) -> DocumentSplitter.Event? {
    do throws(DocumentSplitter.Failure) {
      if let event = try splitter.next(bytes, &at) { return event }
      try splitter.endPush(bytes)
      return nil
    } catch {
      throw .malformed(byteOffset: error.documentOffset, message: error.message)
    }
  }

  private mutating func note(_ name: [UInt8], _ offset: Int) throws(ResultReaderError) {
    if !names.insert(name) { throw .malformed(byteOffset: offset, message: "a member is repeated") }
  }

  private mutating func value(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int
  ) throws(ResultReaderError) -> JSONValue {
    let reading = splitter.withValue(bytes) { raw in
      Result { () throws(JSONSyntaxError) in try JSONValue(parsing: raw) }
    }
    switch reading {
    case .success(let value): return value
    case .failure(let error): throw .malformed(byteOffset: offset + error.byteOffset, message: error.message)
    }
  }
}
