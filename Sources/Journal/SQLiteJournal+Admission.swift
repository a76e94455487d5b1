public import Batch
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// Enters a batch; removes the lines of admissions that died, in steps of 16,384 lines.
  public func open(_ header: BatchHeader, from partner: String, file: String, at now: Timestamp)
    async throws(JournalError) -> BatchOpening
  {
    try await removeLeftovers(of: partner)
    let opening: BatchOpening = try await store.write(throwing: JournalError.self) { db in
      let partnerNumber = try PartnerRow.number(of: partner, in: db)
      if let known = try BatchRow.live(header.batchID, of: partner, in: db) { return .known(known) }
      return .new(try BatchRow.insert(header, partner: partnerNumber, file: file, at: now, in: db))
    }
    CrashPoint.reached(.journalOpenCommitted)
    return opening
  }

  /// Adds a chunk in one transaction.
  public func append(_ instructions: [Instruction], to batch: BatchNumber)
    async throws(JournalError) -> [DuplicateInstruction]
  {
    if instructions.isEmpty { return [] }
    let duplicates: [DuplicateInstruction]
    do {
      duplicates = try await store.write(throwing: JournalError.self) { [recentIDs] db in
        let duplicates = try Append(to: batch, recentIDs, in: db).add(instructions, in: db)
        CrashPoint.reached(.journalAppendBeforeCommit)
        return duplicates
      }
    } catch {
      // What was kept in memory may not be in the file.
      recentIDs.forget(batch)
      throw error
    }
    CrashPoint.reached(.journalAppendCommitted)
    return duplicates
  }

  /// Ends the admission; refuses a batch without lines or with a gap in their positions.
  public func admit(_ batch: BatchNumber, as admitted: AdmittedBatch, at now: Timestamp) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { [recentIDs, actor] db in
      try BatchRow.update(batch, admitted.header, in: db)
      let state = try BatchRow.advance(batch, by: .admitted, in: db)
      try UsedIDs.complete(batch, in: db)
      recentIDs.forget(batch)
      let lineCount = try BatchRow.lineCount(of: batch, in: db)
      let summary = try Tallies(of: batch, in: db).summary
      // Every line has one line in the result: a gap in the positions is found before anything is paid.
      guard summary.count == lineCount, lineCount > 0 else {
        throw JournalError.impossible("batch \(batch.rawValue) has \(summary.count) lines of \(lineCount)")
      }
      let update = try db.bulk(
        """
        UPDATE batch SET state = ?, content_digest = ?, decided_at = ?, processor = ?, unknown_members = ? WHERE id = ?
        """)
      update.bind([
        .integer(Int64(state.rawValue)), .bytes(admitted.contentDigest), .integer(now.millisecondsSinceEpoch),
        .text(admitted.processor), .integer(Int64(admitted.unknownMemberCount)), .integer(batch.rawValue),
      ])
      try update.run()
      try BatchRow.update(batch, admitted, in: db)
      try DayTotalRows.add(admitted.payable, of: batch, at: now, in: db)
      try AuditTrail.admitted(batch, admitted, summary, by: actor, at: now, in: db)
      CrashPoint.reached(.journalAdmitBeforeCommit)
    }
    CrashPoint.reached(.journalAdmitCommitted)
  }

  /// Ends the admission with a refusal; the lines go in steps, and what a crash leaves goes with the next `open`.
  public func reject(_ batch: BatchNumber, for rejection: Rejection, at now: Timestamp) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { [actor] db in
      let state = try BatchRow.advance(batch, by: .rejected, in: db)
      try db.execute(
        sql: "UPDATE batch SET state = ?, error_count = ?, decided_at = ? WHERE id = ?",
        arguments: [Int64(state.rawValue), rejection.errorCount, now.millisecondsSinceEpoch, batch.rawValue])
      try RejectionRows.insert(rejection, of: batch, in: db)
      try AuditTrail.append(
        .batchRejected, to: batch, by: actor,
        [
          .init("number", "\(batch.rawValue)"), .init("code", rejection.code.rawValue),
          .init("errorCount", "\(rejection.errorCount)"),
        ], at: now, in: db)
    }
    CrashPoint.reached(.journalRejectCommitted)
    recentIDs.forget(batch)
    try await removeLines(of: batch)
  }

  /// Removes the lines in steps, then the batch; a crash in between leaves what the next `open` removes.
  public func abandon(_ batch: BatchNumber) async throws(JournalError) {
    recentIDs.forget(batch)
    try await removeLines(of: batch)
    try await store.write(throwing: JournalError.self) { db in
      try db.execute(sql: "DELETE FROM batch WHERE id = ? AND state = 0", arguments: [batch.rawValue])
    }
  }

  /// Removes what admissions of the partner left behind that died, and the lines of rejected batches.
  private func removeLeftovers(of partner: String) async throws(JournalError) {
    let leftovers = try await store.read(throwing: JournalError.self) { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT b.id, b.state FROM batch b JOIN partner p ON p.id = b.partner
          WHERE p.name = ? AND (b.state = 0 OR (b.state = 2 AND b.line_count > 0))
          """, arguments: [partner]
      ).map { (BatchNumber(rawValue: $0[0]), ($0[1] as Int64) == 0) }
    }
    for (batch, wasAdmitting) in leftovers {
      if wasAdmitting { try await abandon(batch) } else { try await removeLines(of: batch) }
    }
  }

  /// Removes the lines of a batch that is not admitted, from the last to the first, in steps that keep the log short.
  private func removeLines(of batch: BatchNumber) async throws(JournalError) {
    let step = 16_384
    while true {
      let left = try await store.write(throwing: JournalError.self) { db in
        let left = try max(0, BatchRow.removableLineCount(of: batch, in: db) - step)
        let first = JournalSchema.key(batch, left)
        let end = JournalSchema.key(batch, JournalSchema.maximumLines)
        try db.execute(
          sql: """
            DELETE FROM used_id WHERE (partner, instruction_id) IN
              (SELECT partner, instruction_id FROM instruction WHERE id >= ? AND id < ?)
            """, arguments: [first, end])
        try db.execute(sql: "DELETE FROM instruction WHERE id >= ? AND id < ?", arguments: [first, end])
        try db.execute(sql: "DELETE FROM outcome WHERE id >= ? AND id < ?", arguments: [first, end])
        try db.execute(sql: "DELETE FROM tally WHERE batch = ?", arguments: [batch.rawValue])
        try db.execute(sql: "UPDATE batch SET line_count = ? WHERE id = ?", arguments: [left, batch.rawValue])
        return left
      }
      CrashPoint.reached(.journalRejectSwept)
      if left == 0 { return }
    }
  }
}
