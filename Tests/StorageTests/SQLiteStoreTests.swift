import Dispatch
import GRDB
import Glibc
import Storage
import Testing

@Suite("A SQLite store")
struct SQLiteStoreTests {
  let directory = TemporaryDirectory()
  let schema = StoreSchema(applicationID: 77, steps: ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"])
  var path: String { directory.file("notes.sqlite") }

  @Test("the writer syncs every commit, whatever GRDB sets")
  func synchronousIsFull() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    #expect(try await store.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
  }

  @Test("the log is never moved by SQLite itself, and the file is never mapped")
  func settings() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    #expect(try await store.write { try Int.fetchOne($0, sql: "PRAGMA mmap_size") } == 0)
    #expect(try await store.read { try Int.fetchOne($0, sql: "PRAGMA mmap_size") } == 0)
    #expect(try await store.write { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
  }

  @Test("every file of it belongs to the owner alone, whatever the umask")
  func modes() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
    for name in directory.names() { #expect(mode(of: directory.file(name)) == 0o600, "\(name)") }
    #expect(directory.names().count == 4)
  }

  @Test("what was written is there for readers and after opening again")
  func persistence() async throws {
    do {
      let store = try SQLiteStore(path: path, schema: schema)
      try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
      #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 1)
      try store.close()
    }
    let store = try SQLiteStore(path: path, schema: schema)
    #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 1)
  }

  @Test("a body that throws leaves nothing behind, and its error comes through")
  func rollback() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    await #expect(throws: StorageError.exists(path: "x")) {
      try await store.write { db in
        try db.execute(sql: "INSERT INTO note VALUES (1, 'a')")
        throw StorageError.exists(path: "x")
      }
    }
    #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 0)
  }

  @Test("a reader can't write")
  func readersReadOnly() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    await #expect(throws: StorageError.self) {
      try await store.read { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
    }
  }

  @Test("a broken rule of the schema is a fault that does not end the store")
  func constraint() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    await #expect {
      try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, NULL)") }
    } throws: { error in
      guard case StorageError.fault = error else { return false }
      return true
    }
    try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
  }

  @Test("two stores on one file write in turn and lose nothing")
  func twoWriters() async throws {
    let stores = [try SQLiteStore(path: path, schema: schema), try SQLiteStore(path: path, schema: schema)]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores {
        group.addTask {
          for _ in 0..<50 { try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES ('a')") } }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await stores[0].read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 100)
  }

  @Test("the lock file is held while a transaction runs")
  func lockHeld() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    let lock = try FileLock(path: path + ".lock")
    #expect(try await store.write { _ in try lock.tryAcquire() } == false)
    #expect(try lock.tryAcquire())
  }

  @Test("the log is moved into the database when it is long, and does not grow for ever")
  func checkpoint() async throws {
    var options = StoreOptions()
    options.checkpointPages = 50
    let store = try SQLiteStore(path: path, schema: schema, options: options)
    let text = String(repeating: "x", count: 3_000)
    for _ in 0..<600 {
      try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES (?)", arguments: [text]) }
    }
    // The checkpoint of the last write runs behind it on the same queue; one more write is after it.
    try await store.write { _ in }
    let log = readFile(path + "-wal")?.count ?? 0
    #expect(log < 100 * 4_120 && log > 0)
    #expect((readFile(path)?.count ?? 0) > 500 * 3_000)
  }

  @Test("a checkpoint on demand empties the log")
  func truncate() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
    try await store.checkpoint()
    #expect(readFile(path + "-wal")?.count == 0)
  }

  @Test("a cancelled task's write is done all the same")
  func cancellation() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
    }
    try await task.value
    #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 1)
  }

  @Test("a reader that stays keeps what it saw, and the log is moved once it has gone")
  func longReader() async throws {
    var options = StoreOptions()
    options.checkpointPages = 20
    let store = try SQLiteStore(path: path, schema: schema, options: options)
    let text = String(repeating: "x", count: 3_000)
    let (began, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let reader = Task {
      try await store.read { db in
        let before = try Int.fetchOne(db, sql: "SELECT count(*) FROM note")
        began.signal()
        goOn.wait()
        return (before, try Int.fetchOne(db, sql: "SELECT count(*) FROM note"))
      }
    }
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        began.wait()
        continuation.resume()
      }
    }
    for _ in 0..<40 {
      try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES (?)", arguments: [text]) }
    }
    goOn.signal()
    let (before, after) = try await reader.value
    #expect(before == 0 && after == 0)
    for _ in 0..<200 {
      try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES (?)", arguments: [text]) }
    }
    try await store.write { _ in }
    #expect((readFile(path + "-wal")?.count ?? .max) < 150 * 4_120)
  }

  @Test("another process writes beside it, in turn, and nothing is lost")
  func twoProcesses() async throws {
    let store = try SQLiteStore(path: path, schema: schema)
    async let child = #expect(processExitsWith: .success) { [path = path as String] in
      let schema = StoreSchema(
        applicationID: 77, steps: ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"])
      let store = try SQLiteStore(path: path, schema: schema)
      for _ in 0..<100 { try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES ('child')") } }
    }
    for _ in 0..<100 { try await store.write { try $0.execute(sql: "INSERT INTO note (text) VALUES ('parent')") } }
    _ = await child
    #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM note") } == 200)
    #expect(try await store.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
  }
}
