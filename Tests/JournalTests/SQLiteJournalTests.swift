import Batch
import GRDB
import Glibc
import Journal
import Storage
import Testing

@Suite("The journal's SQLite file")
struct SQLiteJournalTests {
  let home = TemporaryDirectory.make()
  var path: String { home + "/journal.sqlite" }

  @Test("of a later version is refused")
  func newer() async throws {
    try SQLiteJournal(path: path).close()
    try await DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
    #expect(throws: JournalError.newerSchema(path: path, found: 99, supported: 3)) { try SQLiteJournal(path: path) }
  }

  @Test("of another program is refused")
  func foreign() async throws {
    try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE theirs (id)") }
    #expect {
      try SQLiteJournal(path: path)
    } throws: { error in
      guard case JournalError.unusable = error else { return false }
      return true
    }
  }

  @Test("that was damaged while it was closed is refused, not read as empty")
  func damaged() async throws {
    let journal = try SQLiteJournal(path: path)
    _ = try await journal.admitted(50)
    try journal.close()
    try await DatabaseQueue(path: path).writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    let descriptor = Glibc.open(path, O_WRONLY)
    let noise = [UInt8](repeating: 0xA5, count: 65_536)
    #expect(pwrite(descriptor, noise, noise.count, 0) == noise.count)
    close(descriptor)
    #expect {
      try SQLiteJournal(path: path)
    } throws: { error in
      guard case JournalError.unusable = error else { return false }
      return true
    }
  }

  @Test("in a directory that can't be written says so")
  func readOnlyDirectory() async {
    chmod(home, 0o555)
    await #expect(processExitsWith: .success) { [path = path as String] in
      // A superuser writes anywhere, so be nobody.
      if geteuid() == 0 {
        #expect(setuid(65_534) == 0)
        chmod(path, 0o700)
      }
      do {
        _ = try SQLiteJournal(path: path)
        exit(1)
      } catch {
        guard case JournalError.notWritable = error else { exit(2) }
      }
    }
  }

  @Test("on a full disk loses nothing that was returned from, and goes on when there is room")
  func fullDisk() async throws {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let journal = try SQLiteJournal(path: path)
      let batch = try await journal.openNew()
      // A limit of the process is what a disk that is full is to SQLite: a write that fails.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 400_000, rlim_max: rlim_t.max)
      let isSet = setrlimit(__rlimit_resource_t(1), &limit) == 0
      guard isSet else { exit(1) }
      var added = 0
      do {
        while added < 10_000 {
          _ = try await journal.append(try lines(added..<added + 10), to: batch)
          added += 10
        }
        exit(2)
      } catch JournalError.diskFull {
      } catch {
        exit(3)
      }
      guard added > 0, try await journal.summary(of: batch).count == added else { exit(4) }
      limit.rlim_cur = rlim_t.max
      guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { exit(5) }
      _ = try await journal.append(try lines(added..<added + 10), to: batch)
      try await journal.admit(batch, contentDigest: [], at: now)
      guard try await journal.lines(of: batch, from: 0, count: 100_000).count == added + 10 else { exit(6) }
    }
  }

  @Test("keeps claims in a row for each range, not for each line")
  func claimRows() async throws {
    let journal = try SQLiteJournal(path: path)
    let batch = try await journal.admitted(100)
    _ = try await journal.claimed(50, of: batch)
    _ = try await journal.claimed(50, of: batch)
    let counts = try await DatabaseQueue(path: path).read { db in
      [
        try Int.fetchOne(db, sql: "SELECT count(*) FROM claim"),
        try Int.fetchOne(db, sql: "SELECT count(*) FROM outcome"),
      ]
    }
    #expect(counts == [2, 0])
  }
}
