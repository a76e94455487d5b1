/// A result document besides its lines.
public struct ResultDocument: Sendable {
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
  /// A reader at the start of a document.
  public init() {}

  /// Takes the next bytes and hands on each line that is whole.
  ///
  /// Throws a `ResultReaderError`, or whatever `emit` throws.
  public mutating func consume(_ bytes: UnsafeRawBufferPointer, emit: (Outcome) throws -> Void) throws {}

  /// Ends the document and answers what stands beside the lines.
  public mutating func finish() throws(ResultReaderError) -> ResultDocument {
    throw .malformed(byteOffset: 0, message: "the document is empty")
  }
}
