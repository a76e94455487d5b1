import GRDB
import Glibc
import Storage
import Testing

@Suite("Opening a store")
struct StoreOpeningTests {
  let directory = TemporaryDirectory()
  let first = "CREATE TABLE note (id INTEGER PRIMARY KEY)"
  var path: String { directory.file("notes.sqlite") }

  @Test("a later version of the program adds its steps and keeps the rows")
  func migration() async throws {
    let old = try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    try await old.write { try $0.execute(sql: "INSERT INTO note VALUES (7)") }
    try old.close()
    let second = "ALTER TABLE note ADD COLUMN text TEXT DEFAULT 'none'"
    let new = try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first, second]))
    #expect(try await new.read { try String.fetchOne($0, sql: "SELECT text FROM note WHERE id = 7") } == "none")
    #expect(try await new.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
  }

  @Test("a step that fails changes nothing")
  func failedStep() async throws {
    let bad = StoreSchema(applicationID: 77, steps: [first, "CREATE TABLE extra (id); CREATE TABLE note (id)"])
    #expect(throws: StorageError.self) { try SQLiteStore(path: path, schema: bad) }
    let store = try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    #expect(try await store.read { try $0.tableExists("extra") } == false)
  }

  @Test("a file of a later version is refused and not touched")
  func newer() throws {
    try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first, "SELECT 1"])).close()
    let before = readFile(path)
    #expect(throws: StorageError.newerSchema(path: path, found: 2, supported: 1)) {
      try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    }
    #expect(readFile(path) == before)
  }

  @Test("another program's database is refused and not touched")
  func foreign() throws {
    try DatabaseQueue(path: path).close()
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE theirs (id)") }
    let before = readFile(path)
    #expect(throws: StorageError.foreign(path: path, applicationID: 0)) {
      try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    }
    #expect(readFile(path) == before)
  }

  @Test("a file that is no database is refused as damaged")
  func noDatabase() throws {
    try DurableFile.write(Array(repeating: 65, count: 8_192), to: path)
    #expect {
      try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    } throws: { error in
      guard case StorageError.corrupt = error else { return false }
      return true
    }
  }

  @Test("a directory that is not there can't be written")
  func missingDirectory() throws {
    let path = directory.file("none/notes.sqlite")
    #expect(throws: StorageError.notWritable(path: path, reason: "No such file or directory")) {
      try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    }
  }

  @Test("the rows that a killed process committed are recovered from the log")
  func recovery() async throws {
    let store = try SQLiteStore(path: path, schema: StoreSchema(applicationID: 77, steps: [first]))
    try await store.write { try $0.execute(sql: "INSERT INTO note VALUES (7)") }
    // What a kill leaves is the files as they are now.
    for suffix in ["", "-wal"] {
      try DurableFile.write(try #require(readFile(path + suffix)), to: directory.file("copy.sqlite" + suffix))
    }
    let copy = try SQLiteStore(
      path: directory.file("copy.sqlite"), schema: StoreSchema(applicationID: 77, steps: [first]))
    #expect(try await copy.read { try Int.fetchOne($0, sql: "SELECT id FROM note") } == 7)
  }
}
