public import Batch
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// Writes an entry that no step of the journal writes.
  public func note(_ event: AuditEvent, at now: Timestamp) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in try AuditTrail.append(event, at: now, in: db) }
    CrashPoint.reached(.auditNoted)
  }

  /// The last entry.
  public func auditHead() async throws(JournalError) -> AuditHead {
    try await store.read(throwing: JournalError.self) { db in try AuditTrail.head(in: db) }
  }

  /// A page of entries, oldest first.
  public func auditEntries(matching query: AuditQuery) async throws(JournalError) -> [AuditEntry] {
    try await store.read(throwing: JournalError.self) { db in try AuditTrail.entries(matching: query, in: db) }
  }

  /// Goes along the whole trail and compares the journal with what it tells: every hash, every number, every batch.
  ///
  /// It reads one snapshot beside the writer, in memory that does not grow with the trail.
  ///
  /// - Parameter witnesses: heads that were given out before, which must be in the trail, and where each comes from.
  public func checkAudit(_ witnesses: [(source: String, head: AuditHead)] = []) async throws(JournalError)
    -> AuditReport
  {
    try await store.read(throwing: JournalError.self) { db in try AuditTrail.check(witnesses, in: db) }
  }

  /// The hash of an entry; `nil` when the trail does not have it.
  public func auditHash(of number: Int64) async throws(JournalError) -> [UInt8]? {
    try await store.read(throwing: JournalError.self) { db in try AuditTrail.hash(of: number, in: db) }
  }

  /// How far a reader is; 0 for one that has not read.
  public func auditPosition(of name: String) async throws(JournalError) -> Int64 {
    try await store.read(throwing: JournalError.self) { db in
      try Int64.fetchOne(db, sql: "SELECT position FROM cursor WHERE name = ?", arguments: [name]) ?? 0
    }
  }

  /// Writes down how far a reader is.
  public func setAuditPosition(_ number: Int64, of name: String) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO cursor (name, position) VALUES (?, ?)", arguments: [name, number])
    }
  }
}
