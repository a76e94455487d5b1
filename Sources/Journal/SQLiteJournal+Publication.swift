public import Batch
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// A page of lines, read beside the writer.
  public func lines(of batch: BatchNumber, from position: Int, count: Int)
    async throws(JournalError) -> [JournalLine]
  {
    try await store.read(throwing: JournalError.self) { db in
      try LineRows.page(of: batch, from: position, count: count, in: db)
    }
  }

  /// Writes down the next revision, or the prepared one anew.
  public func preparePublication(_ publication: Publication, of batch: BatchNumber) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in
      let (revision, isPublished) = try Self.published(batch, in: db)
      let life = try BatchRow.life(of: batch, in: db)
      guard life.isPublishable else {
        throw JournalError.impossible("batch \(batch.rawValue) is \(life.state), nothing is to be published")
      }
      // What took its place never changes; what was only prepared may be prepared anew, or its number left out when
      // nobody knows where it went.
      let isNext = publication.revision == revision + 1
      guard isNext || !isPublished && revision > 0 && publication.revision == revision else {
        throw JournalError.impossible("revision \(publication.revision) after revision \(revision)")
      }
      let update = try db.bulk(
        """
        UPDATE batch SET revision = ?, result_path = ?, result_digest = ?, is_published = 0, result_signer = ?,
          result_recipients = ?, witness_entry = ?, witness_hash = ?, is_changed = iif(?, 0, is_changed) WHERE id = ?
        """)
      update.bind([
        .integer(Int64(publication.revision)), .text(publication.path), .bytes(publication.digest),
        publication.signer.map { .text($0) } ?? .null, .text(publication.recipients.joined(separator: ",")),
        publication.witness.map { .integer($0.number) } ?? .null,
        publication.witness.map { .bytes($0.hash) } ?? .null,
        // It tells the lines as they are now. The same one at another place may have been overtaken by a change.
        .integer(isNext ? 1 : 0), .integer(batch.rawValue),
      ])
      try update.run()
    }
    CrashPoint.reached(.journalPublishPrepared)
  }

  /// Marks the prepared revision; a second time changes nothing.
  public func markPublished(_ batch: BatchNumber, revision: Int, at now: Timestamp) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { [actor] db in
      let (prepared, isPublished) = try Self.published(batch, in: db)
      guard prepared == revision else {
        throw JournalError.impossible("revision \(revision) is published, \(prepared) was prepared")
      }
      // Marked before a crash, and now again.
      if isPublished { return }
      // What has changed since it was sealed, it does not tell: then another revision follows.
      let isOvertaken = try BatchRow.record(of: batch, in: db).isChanged
      let isWhole = try !isOvertaken && Tallies(of: batch, in: db).summary.pending.count == 0
      let state = try BatchRow.advance(batch, by: isWhole ? .publishedWhole : .publishedPartly, in: db)
      try db.execute(
        sql: """
          UPDATE batch SET state = ?, is_published = 1, published_at = ?,
            hold = iif(?, NULL, hold), hold_note = iif(?, NULL, hold_note) WHERE id = ?
          """,
        arguments: [Int64(state.rawValue), now.millisecondsSinceEpoch, isWhole, isWhole, batch.rawValue])
      try AuditTrail.published(batch, by: actor, at: now, in: db)
    }
    CrashPoint.reached(.journalPublishMarked)
    await decided()
  }

  private static func published(_ batch: BatchNumber, in db: Database) throws -> (revision: Int, isPublished: Bool) {
    let row = try db.bulk("SELECT revision, is_published FROM batch WHERE id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    defer { row.reset() }
    return (row.int(0), row.int(1) != 0)
  }
}
