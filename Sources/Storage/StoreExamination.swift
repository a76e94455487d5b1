internal import GRDB
internal import GRDBSQLite

/// What an examination of a store found.
public struct StoreExamination: Hashable, Sendable {
  /// What `PRAGMA synchronous` answers on the writer: 2 is FULL.
  public let synchronous: Int
  /// What `PRAGMA journal_mode` answers.
  public let journalMode: String
  /// What SQLite found damaged, at most 20 lines; `nil` when the file was not read through.
  public let faults: [String]?
}

/// How much of a store is read.
public enum StoreReading: Sendable {
  /// Its settings only.
  case settings
  /// Every page (`PRAGMA quick_check`).
  case pages
  /// Every page and every index entry (`PRAGMA integrity_check`).
  case everything
}

extension SQLiteStore {
  /// Examines the store. What is read is read beside the writer, and keeps the log from being emptied meanwhile.
  public func examine(_ reading: StoreReading) async throws(StorageError) -> StoreExamination {
    // On the writer, whose setting it is; nothing is written.
    let synchronous = try await write { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1 }
    return try await read { db in
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
      let check: String? =
        switch reading {
        case .settings: nil
        case .pages: "quick_check"
        case .everything: "integrity_check"
        }
      let lines = try check.map { try String.fetchAll(db, sql: "PRAGMA \($0)(20)") }
      return StoreExamination(synchronous: synchronous, journalMode: mode, faults: lines?.filter { $0 != "ok" })
    }
  }
}

/// The SQLite that this process runs with.
public enum SQLiteLibrary {
  /// As SQLite spells it, such as "3.40.1".
  public static var version: String { String(cString: sqlite3_libversion()) }
  /// 1,000,000 for each major, 1,000 for each minor number (sqlite3_libversion_number(3)).
  public static var versionNumber: Int { Int(sqlite3_libversion_number()) }
}
