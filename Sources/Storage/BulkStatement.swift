public import GRDB
public import GRDBSQLite

/// A prepared statement for many rows: values go by index straight into SQLite, and columns come straight out.
///
/// It is bound to the closure that made it, as `Database` is. Parameters count from 1, columns from 0, as in SQLite.
public struct BulkStatement {
  // GRDB's statement owns the handle; it is kept so that the handle lives.
  @usableFromInline let statement: Statement
  @usableFromInline let handle: OpaquePointer
  @usableFromInline let connection: OpaquePointer?

  init(_ statement: Statement, of db: Database) {
    self.statement = statement
    handle = statement.sqliteStatement
    connection = db.sqliteConnection
  }

  /// Binds an integer.
  @inlinable
  public func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

  /// Binds an integer.
  @inlinable
  public func bind(_ value: Int, at index: Int32) { sqlite3_bind_int64(handle, index, Int64(value)) }

  /// Binds an integer or NULL.
  @inlinable
  public func bind(_ value: Int64?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  /// Binds a text, which SQLite copies.
  @inlinable
  public func bind(_ value: String, at index: Int32) {
    var value = value
    value.withUTF8 { bytes in
      // A pointer to no bytes would bind NULL.
      guard let start = bytes.baseAddress, !bytes.isEmpty else { return bindEmptyText(at: index) }
      _ = start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
        sqlite3_bind_text(handle, index, start, Int32(bytes.count), Self.transient)
      }
    }
  }

  /// Binds a text or NULL.
  @inlinable
  public func bind(_ value: String?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  /// Binds bytes, which SQLite copies.
  @inlinable
  public func bind(_ value: [UInt8], at index: Int32) {
    _ = value.withUnsafeBytes { bytes in
      // A pointer to no bytes would bind NULL.
      guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
      return sqlite3_bind_blob(handle, index, start, Int32(bytes.count), Self.transient)
    }
  }

  /// Binds bytes or NULL.
  @inlinable
  public func bind(_ value: [UInt8]?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  /// Binds 16 bytes: two words, big-endian.
  @inlinable
  public func bind(high: UInt64, low: UInt64, at index: Int32) {
    var words = (high.bigEndian, low.bigEndian)
    _ = withUnsafeBytes(of: &words) { bytes in
      sqlite3_bind_blob(handle, index, bytes.baseAddress, 16, Self.transient)
    }
  }

  /// Binds NULL.
  @inlinable
  public func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

  @usableFromInline
  func bindEmptyText(at index: Int32) { sqlite3_bind_text(handle, index, "", 0, Self.transient) }

  /// Goes to the next row; `false` when there is none. The bindings stay; after `false` the statement can run again.
  ///
  /// Each `sqlite3_bind` fails only for a statement in use or an index out of range, and then leaves its parameter NULL
  /// or as it was; the schema's NOT NULL and the tests are what finds such a fault.
  @inlinable
  public func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default: throw failure()
    }
  }

  /// Runs a statement that has no rows, or whose rows don't matter.
  @inlinable
  public func run() throws {
    while try step() {}
  }

  /// Ends a query before its last row, so that it can run again.
  @inlinable
  public func reset() { sqlite3_reset(handle) }

  /// How many rows the last INSERT, UPDATE or DELETE changed.
  @inlinable
  public var changes: Int { connection.map { Int(sqlite3_changes($0)) } ?? 0 }

  @usableFromInline
  func failure() -> DatabaseError {
    // sqlite3_reset answers the extended code of the failed step, and lets the transaction end.
    let code = sqlite3_reset(handle)
    let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }

  /// SQLite copies what is bound.
  @usableFromInline
  static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

extension Database {
  /// The statement of `sql`, prepared once for the connection, at its beginning: a use of it that an error ended early
  /// leaves no trace. One text is one statement, so two uses of it must not be in each other.
  public func bulk(_ sql: String) throws -> BulkStatement {
    let statement = BulkStatement(try cachedStatement(sql: sql), of: self)
    statement.reset()
    return statement
  }
}

/// A value of a row, for statements that are not on the hot path.
public enum SQLValue: Hashable, Sendable {
  case integer(Int64)
  case text(String)
  case bytes([UInt8])
  case null
}

extension BulkStatement {
  /// Binds `values` to the parameters from 1 on.
  public func bind(_ values: [SQLValue]) {
    for (index, value) in zip(Int32(1)..., values) {
      switch value {
      case .integer(let value): bind(value, at: index)
      case .text(let value): bind(value, at: index)
      case .bytes(let value): bind(value, at: index)
      case .null: bindNull(at: index)
      }
    }
  }
}
