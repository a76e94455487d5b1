public import Batch
internal import GRDB
internal import Storage

extension SQLiteJournal {
  /// Claims a range of positions in one row; the lines are read beside the writer.
  public func claim(_ count: Int, of batch: BatchNumber, for owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Claim?
  {
    let claimed = try await store.write(throwing: JournalError.self) { [actor] db in
      let range = try ClaimRows.claimRange(count, of: batch, for: owner, at: now, in: db)
      if let range { try AuditTrail.claimed(range, of: batch, by: actor, at: now, in: db) }
      CrashPoint.reached(.journalClaimBeforeCommit)
      return range
    }
    guard let claimed else { return nil }
    CrashPoint.reached(.journalClaimCommitted)
    // The lines are read beside the writer: nobody else may touch what is claimed.
    let instructions = try await store.read(throwing: JournalError.self) { db in
      try ClaimRows.unclaimedLines(from: claimed.first, through: claimed.last, of: batch, in: db)
    }
    return Claim(
      token: ClaimToken(batch: batch, fence: claimed.fence, owner: owner), instructions: instructions)
  }

  /// Ends the claims of others in one transaction.
  @discardableResult
  public func expireClaims(of batch: BatchNumber, except owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Int
  {
    let count = try await store.write(throwing: JournalError.self) { [actor] db in
      let count = try Expiry(of: batch, in: db).run(except: owner, in: db)
      if count > 0 {
        try AuditTrail.append(
          .batchTakenOver, to: batch, by: actor, [.init("inDoubt", "\(count)")], at: now, in: db)
      }
      CrashPoint.reached(.journalExpireBeforeCommit)
      return count
    }
    CrashPoint.reached(.journalExpireCommitted)
    return count
  }

  /// Claims begun lines, each of which then names the new claim.
  public func claimUnresolved(
    _ count: Int, of batch: BatchNumber, after position: Int?, for owner: ClaimOwner, at now: Timestamp
  ) async throws(JournalError) -> Claim? {
    let claimed = try await store.write(throwing: JournalError.self) { [actor] db in
      let claimed = try ClaimRows.claimUnresolved(count, of: batch, after: position, for: owner, at: now, in: db)
      if let claimed { try AuditTrail.claimed(claimed, of: batch, by: actor, at: now, in: db) }
      CrashPoint.reached(.journalClaimBeforeCommit)
      return claimed
    }
    guard let claimed else { return nil }
    CrashPoint.reached(.journalClaimCommitted)
    let instructions = try await store.read(throwing: JournalError.self) { db in
      try ClaimRows.unresolvedLines(of: claimed.fence, from: claimed.first, through: claimed.last, in: batch, in: db)
    }
    return Claim(token: ClaimToken(batch: batch, fence: claimed.fence, owner: owner), instructions: instructions)
  }

  /// Records a chunk in one transaction that checks the fence first.
  public func record(_ answers: [InstructionAnswer], under claim: ClaimToken, at now: Timestamp)
    async throws(JournalError)
  {
    if answers.isEmpty { return }
    try await store.write(throwing: JournalError.self) { [actor] db in
      let change = try Recording(under: claim, at: now, in: db).record(answers, in: db)
      if let change { try AuditTrail.recorded(change, under: claim, by: actor, at: now, in: db) }
      CrashPoint.reached(.journalRecordBeforeCommit)
    }
    CrashPoint.reached(.journalRecordCommitted)
  }
}
