internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// Watches the length of the write-ahead log and moves it into the database, in place of SQLite's own checkpoints,
/// which would run at any commit and not under the store's lock.
final class WriteAheadLog: Sendable {
  private let checkpointPages: Int
  private let pages = Atomic<Int>(0)
  /// The length at which the log is moved next.
  private let due: Atomic<Int>

  init(checkpointPages: Int) {
    self.checkpointPages = checkpointPages
    due = Atomic(checkpointPages)
  }

  /// Starts to count the pages that the writer commits; the log must live as long as the connection.
  func watch(_ db: Database) {
    // Registering a hook takes the place of the automatic checkpoint, which is a hook itself.
    sqlite3_wal_hook(
      db.sqliteConnection,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
        let before = log.pages.exchange(Int(pages), ordering: .relaxed)
        // The log has begun anew.
        if Int(pages) < before { log.due.store(log.checkpointPages, ordering: .relaxed) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether the log is long enough to be moved.
  var isDue: Bool { pages.load(ordering: .relaxed) >= due.load(ordering: .relaxed) }

  /// Moves what readers allow; the next writer begins the log anew when that was all. A log that readers have kept
  /// from that for long is waited for.
  func checkpoint(_ db: Database) throws {
    let length = pages.load(ordering: .relaxed)
    // A reader that stays is not tried again at each commit.
    due.store(length + checkpointPages, ordering: .relaxed)
    try run(SQLITE_CHECKPOINT_PASSIVE, on: db)
    if length >= 8 * checkpointPages { try run(SQLITE_CHECKPOINT_RESTART, on: db) }
  }

  /// Moves everything and cuts the file to nothing, if no reader needs it.
  func truncate(_ db: Database) throws { try run(SQLITE_CHECKPOINT_TRUNCATE, on: db) }

  private func run(_ mode: Int32, on db: Database) throws {
    let code = sqlite3_wal_checkpoint_v2(db.sqliteConnection, nil, mode, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
  }
}
