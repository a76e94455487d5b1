/// Consecutive instructions of a document, cut apart and not yet read.
public struct RecordChunk: Sendable {
  /// The records' bytes, one after the other, without what stood between them.
  let bytes: [UInt8]
  /// Where each record is.
  let records: [RecordExtent]
  /// The place of the first record in the document's array, from 0.
  public let firstPosition: Int
  /// Where the first record begins in the opened document.
  public let byteOffset: Int
  /// The JSON pointer of the array: "/creditInstructions", or "" for a bare array.
  let arrayPointer: String
  /// Whether the document is a bare array, whose records spell some members otherwise.
  let isBareArray: Bool
  /// The header's members that stood before the array.
  public let headerBefore: PartialHeader

  /// How many records there are.
  public var count: Int { records.count }
  /// How many bytes they have.
  public var byteCount: Int { bytes.count }
}

/// Where one record is.
struct RecordExtent: Sendable {
  /// In the chunk's bytes.
  var start: Int
  /// Its bytes.
  var count: Int
  /// In the opened document.
  var documentOffset: Int
}
