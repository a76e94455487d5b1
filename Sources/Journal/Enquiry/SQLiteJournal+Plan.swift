internal import GRDB
internal import Storage
internal import Synchronization

extension SQLiteJournal {
  /// What SQLite does for each statement of an enquiry: its plan, a line for each step, with the statement's text. For the
  /// tests and the benchmark, which watch that no table is gone through.
  package func plan(of query: LineQuery) async throws(JournalError) -> [(step: String, statement: String)] {
    try await store.read(throwing: JournalError.self) { db in
      let statements = Mutex<[String]>([])
      db.trace(options: .statement) { event in
        let statement = event.description
        statements.withLock { if !$0.contains(statement) { $0.append(statement) } }
      }
      defer { db.trace() }
      _ = try LineSearch.page(query, in: db)
      db.trace()
      return try statements.withLock { $0 }.filter { $0.hasPrefix("SELECT") }.flatMap { statement in
        let values = Array(repeating: 1, count: statement.count { $0 == "?" })
        return try Row.fetchAll(
          db, sql: "EXPLAIN QUERY PLAN \(statement)", arguments: StatementArguments(values)
        ).map { (step: $0["detail"] as String, statement: statement) }
      }
    }
  }
}
