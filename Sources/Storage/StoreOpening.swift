internal import GRDB
internal import GRDBSQLite
import Glibc

/// The steps that open a store, in the order in which they must be.
enum StoreOpening {
  /// Checks the place and creates the file, so that its mode is ours and not the umask's.
  static func prepareFile(_ path: String, mustExist: Bool = false) throws(StorageError) {
    // An existing file is not opened here: closing any descriptor of it would drop the POSIX locks that another store
    // of this process holds on it (fcntl(2), "advisory record locking").
    if access(path, F_OK) != 0 {
      guard !mustExist else { throw SystemCall.error(errno, on: path) }
      do {
        let descriptor = try SystemCall.run(on: path) { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        close(descriptor)
        try DurableFile.synchronizeDirectory(of: path)
      } catch {
        // Another process was faster.
        if case .exists = error {} else { throw error }
      }
    }
    _ = try SystemCall.run(on: path) { access(path, R_OK | W_OK) }
    if let type = try FileSystem.networkType(of: path) {
      throw .networkFileSystem(path: path, fileSystem: type)
    }
  }

  /// Opens the connections and brings the file to the present schema; the caller holds the store's lock.
  static func openPool(path: String, schema: StoreSchema, options: StoreOptions, log: WriteAheadLog) throws
    -> DatabasePool
  {
    var configuration = Configuration()
    configuration.label = "disburse.sqlite"
    configuration.maximumReaderCount = options.maximumReaders
    configuration.foreignKeysEnabled = options.checksForeignKeys
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      if db.configuration.readonly {
        try db.execute(sql: "PRAGMA cache_size = -\(options.readerCacheKiB)")
      } else {
        // Before GRDB switches to WAL: a file that is not ours is not touched, and the page size can still be set.
        try schema.check(db, path: path)
        try db.execute(sql: "PRAGMA page_size = \(schema.pageSize)")
        try db.execute(sql: "PRAGMA cache_size = -\(options.writerCacheKiB)")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      }
      try db.execute(sql: "PRAGMA mmap_size = 0")
      try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // GRDB sets NORMAL in WAL mode, after `prepareDatabase`: a committed row could vanish on power loss.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
        throw StorageError.fault(path: path, reason: "SQLite does not take synchronous = FULL")
      }
      log.watch(db)
      try schema.migrate(db)
    }
    return pool
  }
}
