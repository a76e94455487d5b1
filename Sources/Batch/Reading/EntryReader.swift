/// Reads the entries of a document that is one long array of objects, bare or as the member of an object, and arrives
/// in pieces. Memory does not grow with the document.
public struct EntryReader {
  /// One entry of the array.
  public struct Entry: Sendable {
    /// Its place in the array, from 0.
    public let index: Int
    /// What it says, or what breaks the grammar in it; its place is counted from the document's start.
    public let value: Result<JSONValue, JSONSyntaxError>
  }

  private var splitter: DocumentSplitter
  private let names: String
  private var count = 0
  private var hasArray = false
  /// The JSON pointer of the array, once it has begun: "/beneficiaries", or "" for a bare array.
  public private(set) var arrayPointer = ""

  /// A reader of the array that is a member of one of `names`, or is the document. Other members are passed over.
  ///
  /// - Parameter entryName: what an entry is called in messages: "a beneficiary".
  public init(arrayNames names: [String], entryName: String, maximumEntryBytes: Int = 65_536) {
    var limits = BatchLimits()
    limits.maximumRecordBytes = maximumEntryBytes
    splitter = DocumentSplitter(arrayNames: names, limits: limits, entryName: entryName)
    self.names = names.first ?? ""
  }

  /// Reads the next piece of the document; its whole entries go to the end of `entries`.
  ///
  /// - Throws: what breaks the document's frame. Nothing after it can be read.
  public mutating func push(
    _ bytes: UnsafeRawBufferPointer, into entries: inout [Entry]
  ) throws(JSONSyntaxError) {
    var at = 0
    do throws(DocumentSplitter.Failure) {
      while let event = try splitter.next(bytes, &at) {
        switch event {
        case .arrayBegan(let name, let offset):
          guard !hasArray else {
            throw DocumentSplitter.Failure(
              place: .document, documentOffset: offset, message: "the array stands twice in the document")
          }
          hasArray = true
          arrayPointer = name.isEmpty ? "" : "/" + String(decoding: name, as: UTF8.self)
        case .record(let offset):
          let value = splitter.withValue(bytes) { bytes in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsing: bytes) }
              .mapError { JSONSyntaxError(offset + $0.byteOffset, $0.message) }
          }
          entries.append(Entry(index: count, value: value))
          count += 1
        case .arrayEnded, .member: break
        }
      }
      try splitter.endPush(bytes)
    } catch {
      throw JSONSyntaxError(error.documentOffset, error.message)
    }
  }

  /// Ends the document.
  ///
  /// - Throws: when it is not whole, or had no such array.
  public func finish() throws(JSONSyntaxError) {
    do throws(DocumentSplitter.Failure) { try splitter.finish() } catch {
      throw JSONSyntaxError(error.documentOffset, error.message)
    }
    guard hasArray else {
      throw JSONSyntaxError(0, "the document is no array, and has no array \(names)")
    }
  }
}
