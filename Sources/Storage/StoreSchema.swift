internal import GRDB

/// What a store's file holds: whose it is, and the steps that lead from an empty file to the present schema.
public struct StoreSchema: Sendable {
  /// SQLite's `application_id`: tells our file from any other database.
  public let applicationID: Int32
  /// The bytes of a page of a new file.
  public let pageSize: Int
  /// One script for each version, from 1. A step that was released is never changed; a later one mends it.
  public let steps: [String]

  /// The schema of `steps.count` versions.
  public init(applicationID: Int32, pageSize: Int = 4_096, steps: [String]) {
    self.applicationID = applicationID
    self.pageSize = pageSize
    self.steps = steps
  }

  /// The version that this program writes.
  public var version: Int { steps.count }

  /// Refuses a file that is not ours or is newer, before anything of it is changed.
  func check(_ db: Database, path: String) throws {
    let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    if isEmpty && application == 0 && found == 0 { return }
    guard application == applicationID else {
      throw StorageError.foreign(path: path, applicationID: application)
    }
    guard found <= version else {
      throw StorageError.newerSchema(path: path, found: found, supported: version)
    }
  }

  /// Brings the file to the present version, each step whole or not at all.
  func migrate(_ db: Database) throws {
    while true {
      var isDone = false
      try db.inTransaction(.immediate) {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard found < version else {
          isDone = true
          return .rollback
        }
        try db.execute(sql: steps[found])
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(found + 1)")
        return .commit
      }
      if isDone { return }
    }
  }
}
