public import GRDBSQLite

extension BulkStatement {
  /// Whether the column of the present row is NULL.
  @inlinable
  public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// An integer; 0 for NULL.
  @inlinable
  public func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// An integer; 0 for NULL.
  @inlinable
  public func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

  /// An integer, or `nil` for NULL.
  @inlinable
  public func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  /// A text; empty for NULL.
  @inlinable
  public func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// A text, or `nil` for NULL.
  @inlinable
  public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// Bytes; none for NULL.
  @inlinable
  public func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// 16 bytes as two words, big-endian; `nil` for NULL or another length.
  @inlinable
  public func words(_ column: Int32) -> (high: UInt64, low: UInt64)? {
    guard let start = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16 else {
      return nil
    }
    let bytes = UnsafeRawBufferPointer(start: start, count: 16)
    return (
      UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    )
  }
}
