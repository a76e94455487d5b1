public import Batch
internal import Cryptography
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// Stops a batch in one transaction.
  public func hold(
    _ batch: BatchNumber, by event: BatchLifecycle.HoldEvent, note: String, actor: AuditActor, at now: Timestamp
  ) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      var life = record.life
      guard life.handle(event) == .hold else { throw JournalError.notAllowed(record.cannot("be held")) }
      try db.execute(
        sql: "UPDATE batch SET hold = ?, hold_note = ? WHERE id = ?",
        arguments: [life.hold.map { Int64($0.rawValue) }, note, batch.rawValue])
      // Held again for the same cause: nothing was changed.
      guard record.life.hold == nil else { return }
      try AuditTrail.append(
        .batchHeld, to: batch, by: actor,
        [.init("cause", life.hold?.name ?? ""), .init("note", note)], at: now, in: db)
    }
    CrashPoint.reached(.operatorHeld)
    await decided()
  }

  /// Writes the approval down and lifts the hold, in one transaction.
  public func approve(_ batch: BatchNumber, _ approval: Approval, at now: Timestamp) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      guard approval.round == record.round else {
        throw JournalError.notAllowed(
          "batch \(record.header.batchID) is at its release \(record.round), the approval is for \(approval.round)")
      }
      var life = record.life
      guard life.handle(.approved) != .refuse else { throw JournalError.notAllowed(record.cannot("be approved")) }
      let insert = try db.bulk(
        "INSERT OR REPLACE INTO approval (batch, round, operator, evidence, signature, at) VALUES (?,?,?,?,?,?)")
      insert.bind([
        .integer(batch.rawValue), .integer(Int64(approval.round)), .text(approval.actor.rawValue),
        .text(approval.evidence), approval.signature.map { .bytes($0) } ?? .null,
        .integer(now.millisecondsSinceEpoch),
      ])
      try insert.run()
      try Self.lift(batch, in: db)
      try AuditTrail.append(
        .batchApproved, to: batch, by: approval.actor, key: approval.evidence,
        [.init("round", "\(approval.round)")], at: now, in: db)
    }
    CrashPoint.reached(.operatorApproved)
    await decided()
  }

  /// Lifts a hold by failures or by an operator; what was counted until now is counted no more.
  public func resume(
    _ batch: BatchNumber, note: String, actor: AuditActor, proof: OrderProof?, at now: Timestamp
  ) async throws(JournalError) {
    try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      var life = record.life
      guard life.handle(.resumed) != .refuse else { throw JournalError.notAllowed(record.cannot("be resumed")) }
      try Self.lift(batch, in: db)
      try Self.watchFromHere(batch, in: db)
      try AuditTrail.append(
        .batchResumed, to: batch, by: actor, key: proof?.evidence, [.init("note", note)] + Self.signature(proof),
        at: now, in: db)
    }
    CrashPoint.reached(.operatorResumed)
    await decided()
  }

  /// Ends the sending in one transaction; the dispatcher then answers each line that nobody has claimed.
  public func cancel(_ batch: BatchNumber, for reason: Reason, actor: AuditActor, at now: Timestamp)
    async throws(JournalError)
  {
    try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      var life = record.life
      guard life.handle(.cancelled) != .refuse else { throw JournalError.notAllowed(record.cannot("be cancelled")) }
      if record.cancellation != nil { return }
      try Self.lift(batch, in: db)
      try db.execute(
        sql: "UPDATE batch SET cancel_code = ?, cancel_note = ? WHERE id = ?",
        arguments: [reason.code.rawValue, reason.message, batch.rawValue])
      try AuditTrail.append(
        .batchCancelled, to: batch, by: actor,
        [.init("code", reason.code.rawValue), .init("note", reason.message)], at: now, in: db)
    }
    CrashPoint.reached(.operatorCancelled)
    await decided()
  }

  /// Releases new attempts in one transaction, and holds the batch where a release is needed.
  @discardableResult
  public func retry(_ order: RetryOrder, of batch: BatchNumber, at now: Timestamp) async throws(JournalError) -> Int {
    let count = try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      // A retry lifts the cancellation: one that came in between, with something not final, stands.
      guard record.life.state == .completed || record.cancellation == nil else {
        throw JournalError.notAllowed(record.cannot("be tried again, since it is cancelled"))
      }
      guard record.life.hold == nil, record.life.isPublishable else {
        throw JournalError.notAllowed(record.cannot("be tried again"))
      }
      let positions = try order.positions ?? Release.rejectedPositions(of: batch, in: db)
      let count = try Release(of: batch, in: db).run(positions, in: db)
      guard count > 0 else { return 0 }
      try db.execute(
        sql: """
          UPDATE batch SET round = round + 1, ordered_by = ?, cancel_code = NULL, cancel_note = NULL, is_changed = 1,
            hold = ?, hold_note = ? WHERE id = ?
          """,
        arguments: [
          order.actor.rawValue, order.needsRelease ? Int64(BatchHold.awaitingRelease.rawValue) : nil,
          order.needsRelease ? "a new attempt at \(count) lines waits for its release" : nil, batch.rawValue,
        ])
      try Self.watchFromHere(batch, in: db)
      try AuditTrail.append(
        .batchRetried, to: batch, by: order.actor, key: order.proof?.evidence,
        [.init("count", "\(count)"), .init("note", order.note)] + Self.signature(order.proof), at: now, in: db)
      if order.needsRelease {
        try AuditTrail.append(
          .batchHeld, to: batch, by: order.actor, [.init("cause", BatchHold.awaitingRelease.name)], at: now, in: db)
      }
      return count
    }
    if count > 0 { CrashPoint.reached(.operatorRetried) }
    await decided()
    return count
  }

  /// Settles one line in one transaction.
  public func settleByHand(_ settlement: HandSettlement, of batch: BatchNumber, at now: Timestamp)
    async throws(JournalError)
  {
    try await store.write(throwing: JournalError.self) { db in
      let record = try BatchRow.record(of: batch, in: db)
      guard record.life.isPublishable else { throw JournalError.notAllowed(record.cannot("be settled by hand")) }
      let state = try BatchRow.advance(batch, by: .released, in: db)
      let (instructionID, before) = try HandSettlementRow.settle(settlement, of: batch, at: now, in: db)
      try db.execute(
        sql: "UPDATE batch SET state = ?, is_changed = 1 WHERE id = ?",
        arguments: [Int64(state.rawValue), batch.rawValue])
      try AuditTrail.append(
        .instructionSettled, to: batch, by: settlement.actor, key: settlement.proof?.evidence,
        [
          .init("instructionID", instructionID), .init("position", "\(settlement.position)"),
          .init("before", "\(before)"), .init("note", settlement.note), .init("receipt", settlement.receipt ?? ""),
        ] + Self.signature(settlement.proof), at: now, in: db)
    }
    CrashPoint.reached(.operatorSettled)
    await decided()
  }

  /// The approvals of a batch, oldest first.
  public func approvals(of batch: BatchNumber) async throws(JournalError) -> [RecordedApproval] {
    try await store.read(throwing: JournalError.self) { db in
      let rows = try db.bulk(
        "SELECT operator, evidence, signature, round, at FROM approval WHERE batch = ? ORDER BY round, at, operator")
      rows.bind(batch.rawValue, at: 1)
      var approvals: [RecordedApproval] = []
      while try rows.step() {
        approvals.append(
          RecordedApproval(
            Approval(
              actor: AuditActor(rawValue: rows.text(0)), evidence: rows.text(1),
              signature: rows.isNull(2) ? nil : rows.blob(2), round: rows.int(3)),
            at: Timestamp(millisecondsSinceEpoch: rows.int64(4))))
      }
      return approvals
    }
  }

  /// Sums of what was admitted on a day.
  public func dayTotals(of partner: String, at instant: Timestamp) async throws(JournalError) -> [Currency: Int64] {
    try await store.read(throwing: JournalError.self) { db in try DayTotalRows.read(of: partner, at: instant, in: db) }
  }

  /// A signed statement in the audit trail: whoever doubts an order can verify it there.
  private static func signature(_ proof: OrderProof?) -> [AuditEvent.Detail] {
    proof?.signature.map { [.init("signature", Hexadecimal.string($0))] } ?? []
  }

  private static func lift(_ batch: BatchNumber, in db: Database) throws {
    try db.execute(sql: "UPDATE batch SET hold = NULL, hold_note = NULL WHERE id = ?", arguments: [batch.rawValue])
  }

  private static func watchFromHere(_ batch: BatchNumber, in db: Database) throws {
    let summary = try Tallies(of: batch, in: db).summary
    try db.execute(
      sql: "UPDATE batch SET watched_succeeded = ?, watched_failed = ? - refused_count WHERE id = ?",
      arguments: [summary.succeeded.count, summary.failed.count, batch.rawValue])
  }
}

extension BatchRecord {
  /// Why the batch can't be what an operator asks for.
  func cannot(_ what: String) -> String {
    let standing = life.hold.map { "held (\($0.name))" } ?? "\(life.state)"
    return "batch \(header.batchID) of \(partner) is \(standing) and can't \(what)"
  }
}
