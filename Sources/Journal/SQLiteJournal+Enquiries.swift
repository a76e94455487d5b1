internal import Batch
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// The batch under an ID.
  public func batch(_ batchID: String, of partner: String) async throws(JournalError) -> BatchRecord? {
    try await store.read(throwing: JournalError.self) { db in try BatchRow.last(batchID, of: partner, in: db) }
  }

  /// A page of batches, newest first.
  public func batches(matching query: BatchQuery) async throws(JournalError) -> [BatchRecord] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    func require(_ condition: String, _ value: SQLValue?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(value)
    }
    require("p.name = ?", query.partner.map { .text($0) })
    require("b.batch_id = ?", query.batchID.map { .text($0) })
    require("b.program_id = ?", query.programID.map { .text($0) })
    require("b.state = ?", query.state.map { .integer(Int64($0.rawValue)) })
    require("b.decided_at >= ?", query.from.map { .integer($0.millisecondsSinceEpoch) })
    require("b.decided_at < ?", query.to.map { .integer($0.millisecondsSinceEpoch) })
    require("b.id < ?", query.before.map { .integer($0.rawValue) })
    let condition = conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ")
    return try await store.read(throwing: JournalError.self) { [values] db in
      try BatchRow.fetch(where: condition, values, limit: query.limit, in: db)
    }
  }

  /// Counts and sums, from a few rows.
  public func summary(of batch: BatchNumber) async throws(JournalError) -> BatchSummary {
    try await store.read(throwing: JournalError.self) { db in
      var summary = try Tallies(of: batch, in: db).summary
      summary.unknownMemberCount = try BatchRow.unknownMemberCount(of: batch, in: db)
      return summary
    }
  }

  /// A page of lines by state, payee and time; it goes through the batch, at about a million lines a second.
  public func lines(matching query: LineQuery) async throws(JournalError) -> [JournalLine] {
    try await store.read(throwing: JournalError.self) { db in try LineRows.matching(query, in: db) }
  }

  /// What is to be worked on, or held, oldest first.
  public func unfinishedBatches() async throws(JournalError) -> [BatchRecord] {
    try await store.read(throwing: JournalError.self) { db in
      try BatchRow.fetch(where: "b.state IN (1, 3)", [], limit: Int(Int32.max), in: db).reversed()
    }
  }

  /// The batch under its number.
  public func batch(_ number: BatchNumber) async throws(JournalError) -> BatchRecord {
    try await store.read(throwing: JournalError.self) { db in try BatchRow.record(of: number, in: db) }
  }
}
