import Batch
import GRDB
import Journal
import Testing
import Wallet

@Suite("The audit trail in SQLite")
struct AuditGuardTests {
  let path = TemporaryDirectory.make() + "/journal.sqlite"

  @Test(
    "is append-only: the database itself refuses to change, remove, replace or insert an entry",
    arguments: [
      "UPDATE audit SET actor = 'nobody' WHERE number = 1", "UPDATE audit SET number = 99 WHERE number = 1",
      "DELETE FROM audit WHERE number = 1", "DELETE FROM audit",
      "INSERT OR REPLACE INTO audit SELECT 1, at, 'x', actor, partner, batch_id, file, key, details, previous, hash FROM audit",
      "INSERT INTO audit SELECT 0, at, action, actor, partner, batch_id, file, key, details, previous, hash FROM audit",
    ])
  func appendOnly(sql: String) async throws {
    let journal = try SQLiteJournal(path: path)
    _ = try await journal.admitted(2)
    let before = try await journal.auditEntries(matching: AuditQuery())
    await #expect(throws: DatabaseError.self) {
      try await DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }
    #expect(try await journal.auditEntries(matching: AuditQuery()) == before)
    #expect(try await journal.checkAudit().findings.list.isEmpty)
  }

  @Test("never gives a number twice: where the last entries were removed, a gap stays")
  func gap() async throws {
    let journal = try SQLiteJournal(path: path)
    _ = try await journal.admitted(2)
    try await journal.note(AuditEvent(.daemonStarted, by: .daemon), at: now)
    try await DatabaseQueue(path: path).write { db in
      try db.execute(sql: "DROP TRIGGER audit_kept_whole; DELETE FROM audit WHERE number = 2")
    }
    try await journal.note(AuditEvent(.daemonStopped, by: .daemon), at: now)
    #expect(try await journal.auditHead().number == 3)
    #expect(try await journal.checkAudit().findings.list.map(\.kind) == [.unguarded, .entriesMissing])
  }

  @Test("a clock that went back, and a change without an end, are told and are no faults")
  func warnings() async throws {
    let journal = try SQLiteJournal(path: path)
    try await journal.note(
      AuditEvent(
        .changeBegun, by: .daemon, details: [.init("change", "wallet.funded"), .init(AuditEvent.changeMark, "1")]),
      at: later)
    try await journal.note(
      AuditEvent(
        .changeBegun, by: .daemon, details: [.init("change", "wallet.funded"), .init(AuditEvent.changeMark, "2")]),
      at: now)
    try await journal.note(
      AuditEvent(.walletFunded, by: .daemon, details: [.init(AuditEvent.changeMark, "2")]), at: now)
    let report = try await journal.checkAudit()
    #expect(report.findings.faultCount == 0)
    #expect(report.findings.list.map(\.kind) == [.clockWentBack, .changeUnfinished])
    #expect(report.findings.list.map(\.entry) == [2, 1])
  }

  @Test("runs what renews its signed head after decisions, and not for what is done with every claim")
  func decisions() async throws {
    let count = Counter()
    let journal = try SQLiteJournal(path: path) { _ in await count.add() }
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch)
    try await journal.record([answer(0, .answered(.settled(settlement)))], under: claim.token, at: now)
    #expect(await count.value == 0)
    try await journal.hold(batch, by: .heldByOperator, note: "", actor: .operator("alice"), at: now)
    try await journal.publish(batch, revision: 1)
    #expect(await count.value == 2)
  }

  private actor Counter {
    private(set) var value = 0
    func add() { value += 1 }
  }
}
