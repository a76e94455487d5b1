internal import GRDB
internal import GRDBSQLite

extension StorageError {
  /// What an error of SQLite on `path` means. `systemCode` is the `errno` behind it, when there is one.
  ///
  /// The message of SQLite names tables and columns, never a value.
  init(_ error: DatabaseError, path: String, systemCode: Int32 = 0) {
    let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self = .notWritable(path: path, reason: reason)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .corrupt(path: path, reason: reason)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy(path: path)
    case .SQLITE_IOERR:
      // SQLite tells ENOSPC from other errors of a write, but not a quota or a limit of file size.
      let system = SystemCall.error(systemCode, on: path)
      if case .diskFull = system {
        self = system
      } else if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE, systemCode == 0 {
        // The index of the log could not grow while the file was opened, where nobody tells the `errno`.
        self = .diskFull(path: path)
      } else {
        let code = error.extendedResultCode.rawValue
        self = .io(path: path, reason: "\(reason), \(code)\(systemCode == 0 ? "" : ", \(SystemCall.text(systemCode))")")
      }
    case .SQLITE_NOMEM: self = .io(path: path, reason: "out of memory")
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .io(path: path, reason: reason)
    // ERROR, INTERNAL, CONSTRAINT, MISMATCH, MISUSE, RANGE, TOOBIG, SCHEMA, NOLFS and what SQLite may add: no state of
    // the machine explains them.
    default: self = .fault(path: path, reason: reason)
    }
  }

  /// What any error thrown in a store's closure means.
  static func mapping(_ error: any Error, path: String, systemCode: Int32 = 0) -> StorageError {
    switch error {
    case let error as StorageError: error
    case let error as DatabaseError: StorageError(error, path: path, systemCode: systemCode)
    default: .fault(path: path, reason: "\(type(of: error))")
    }
  }

  /// Whether the connection may no longer be trusted to have written what it says.
  var endsWriting: Bool {
    switch self {
    case .io, .corrupt: true
    case .diskFull, .notWritable, .newerSchema, .networkFileSystem, .foreign, .exists, .busy, .fault: false
    }
  }
}
