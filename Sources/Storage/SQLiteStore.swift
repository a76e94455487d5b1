internal import Dispatch
public import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Synchronization

/// One SQLite database in a file: one writer whose transactions are durable when they return, many readers beside it.
///
/// Every write transaction and every checkpoint holds the lock file `PATH.lock`. SQLite before 3.51.3 can corrupt a WAL
/// database when two connections write or checkpoint at the same instant (the WAL-reset bug of
/// https://www.sqlite.org/wal.html). It takes two connections to the *same* database, so a lock for each store is
/// enough, and the journal and the ledger write at the same time.
public final class SQLiteStore: Sendable {
  /// The database file.
  public let path: String
  /// How it was opened.
  public let options: StoreOptions

  let pool: DatabasePool
  let lock: FileLock
  let log: WriteAheadLog
  private let queue: DispatchQueue
  /// What ended all writing, once something did.
  private let failure = Mutex<StorageError?>(nil)

  /// Opens the database at `path`, or creates it with mode 0600 unless it must exist, and brings it to `schema`'s version.
  ///
  /// It blocks while another process writes. Throws `newerSchema` and `foreign` without having changed the file.
  public init(path: String, schema: StoreSchema, options: StoreOptions = StoreOptions()) throws(StorageError) {
    self.path = path
    self.options = options
    try StoreOpening.prepareFile(path, mustExist: options.mustExist)
    let lock = try FileLock(path: path + ".lock")
    self.lock = lock
    queue = DispatchQueue(label: "disburse.store")
    log = WriteAheadLog(checkpointPages: options.checkpointPages)
    try lock.acquire()
    defer { lock.release() }
    do {
      pool = try StoreOpening.openPool(path: path, schema: schema, options: options, log: log)
    } catch {
      throw .mapping(error, path: path)
    }
  }

  deinit { try? close() }

  /// Closes the connections. The write-ahead log stays for the next opening; nothing is lost.
  public func close() throws(StorageError) {
    // The last connection to close checkpoints, so it holds the lock.
    try lock.acquire()
    defer { lock.release() }
    do { try pool.close() } catch { throw .mapping(error, path: path) }
  }

  /// Runs `body` in one immediate transaction on the writer's queue; what it wrote is on disk on return.
  ///
  /// What `body` throws rolls everything back. An error of `Failure` passes as it is; one of SQLite or of the storage
  /// becomes `Failure` by its mapping. A cancelled task does not stop it: money may have moved, and it is recorded.
  public func write<T: Sendable, Failure: StorageFailure>(
    throwing: Failure.Type = StorageError.self, _ body: @escaping @Sendable (Database) throws -> T
  ) async throws(Failure) -> T {
    let outcome: Result<T, Failure> = await withCheckedContinuation { continuation in
      queue.async { [self] in
        let outcome: Result<T, Failure> = transaction(body)
        // The caller goes on while the log is checkpointed; the next write waits for it.
        continuation.resume(returning: outcome)
        checkpointIfDue()
      }
    }
    return try outcome.get()
  }

  /// Runs `body` on a read-only connection, in one snapshot, beside the writer.
  public func read<T: Sendable, Failure: StorageFailure>(
    throwing: Failure.Type = StorageError.self, _ body: @escaping @Sendable (Database) throws -> T
  ) async throws(Failure) -> T {
    let outcome: Result<T, Failure> = await withCheckedContinuation { [path] continuation in
      pool.asyncRead { database in
        do {
          continuation.resume(returning: .success(try body(database.get())))
        } catch let error as Failure {
          continuation.resume(returning: .failure(error))
        } catch {
          continuation.resume(returning: .failure(Failure(.mapping(error, path: path))))
        }
      }
    }
    return try outcome.get()
  }

  /// Moves what the write-ahead log holds into the database now, and empties the log if no reader needs it.
  public func checkpoint() async throws(StorageError) {
    let outcome: Result<Void, StorageError> = await withCheckedContinuation { continuation in
      queue.async { [self] in
        continuation.resume(
          returning: Result { try locked { try log.truncate($0) } }.mapError { .mapping($0, path: path) })
      }
    }
    try outcome.get()
  }

  private func transaction<T, Failure: StorageFailure>(_ body: (Database) throws -> T) -> Result<T, Failure> {
    do {
      return .success(try locked { db in try transaction(in: db, body) })
    } catch let error as Failure {
      return .failure(error)
    } catch {
      return .failure(Failure(.mapping(error, path: path)))
    }
  }

  private func transaction<T>(in db: Database, _ body: (Database) throws -> T) throws -> T {
    try db.beginTransaction(.immediate)
    do {
      let value = try body(db)
      try db.commit()
      return value
    } catch {
      // The `errno` behind an error is known until the next statement, so before the rollback.
      let cause = mapped(error, in: db)
      try db.rollback()
      throw cause
    }
  }

  /// Runs `body` on the writer under the file lock, unless the store has failed.
  private func locked<T>(_ body: (Database) throws -> T) throws -> T {
    if let failure = failure.withLock({ $0 }) { throw failure }
    try lock.acquire()
    defer { lock.release() }
    return try pool.writeWithoutTransaction { db in
      do {
        return try body(db)
      } catch {
        let cause = mapped(error, in: db)
        if let cause = cause as? StorageError, cause.endsWriting { failure.withLock { $0 = $0 ?? cause } }
        throw cause
      }
    }
  }

  /// An error of SQLite as ours; any other as it is.
  private func mapped(_ error: any Error, in db: Database) -> any Error {
    // A write that fails within COMMIT leaves its code in the thread alone, not in the connection.
    let lastCode = errno
    guard let error = error as? DatabaseError else { return error }
    var systemCode = db.sqliteConnection.map(sqlite3_system_errno) ?? 0
    if systemCode == 0, error.extendedResultCode == .SQLITE_IOERR_WRITE { systemCode = lastCode }
    return StorageError(error, path: path, systemCode: systemCode)
  }

  private func checkpointIfDue() {
    guard log.isDue else { return }
    // What was committed stays committed: a full disk or a busy reader only makes the log longer, and an I/O error is
    // remembered for the next write.
    _ = try? locked { try log.checkpoint($0) } as Void
  }
}
