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
    if query.needsLines { try await completeIndex() }
    return try await store.read(throwing: JournalError.self) { db in try BatchSearch.page(query, in: db) }
  }

  /// Counts and sums, from a few rows.
  public func summary(of batch: BatchNumber) async throws(JournalError) -> BatchSummary {
    try await store.read(throwing: JournalError.self) { db in
      var summary = try Tallies(of: batch, in: db).summary
      summary.unknownMemberCount = try BatchRow.unknownMemberCount(of: batch, in: db)
      return summary
    }
  }

  /// A page of lines, read in one snapshot.
  public func lines(matching query: LineQuery) async throws(JournalError) -> LinePage {
    if query.needsIndex { try await completeIndex() }
    return try await store.read(throwing: JournalError.self) { db in try LineSearch.page(query, in: db) }
  }

  /// One step of the index, in one transaction.
  @discardableResult
  public func indexForEnquiries(atMost count: Int) async throws(JournalError) -> Int {
    // The lock of the writer is not for those who have nothing to write.
    guard try await store.read(throwing: JournalError.self, { db in try EnquiryIndex.isDue(in: db) }) else { return 0 }
    return try await store.write(throwing: JournalError.self) { db in
      try EnquiryIndex.advance(atMost: max(1, count), in: db)
    }
  }

  /// About a second for a million lines, once; nothing where the daemon has done it.
  private func completeIndex() async throws(JournalError) {
    do {
      while try await indexForEnquiries(atMost: EnquiryIndex.stepLength) > 0 {}
    } catch .diskFull, .notWritable {
      // An enquiry is answered all the same: what is not in the index is looked through.
    }
  }

  /// The lines under an ID: the one that has it is found by the index, those that repeated it by going through the batch.
  public func lines(called instructionID: String, of batch: BatchNumber) async throws(JournalError) -> [JournalLine] {
    try await store.read(throwing: JournalError.self) { db in
      try LineRows.called(instructionID, of: batch, in: db)
    }
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
