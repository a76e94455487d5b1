import Batch
public import Journal
public import Partners
import Pipeline
import Storage

extension Station {
  /// The register of operators.
  public var operators: OperatorDirectory { OperatorDirectory(path: home.operators) }

  /// Carries out an operator's order and writes it into the audit trail. It works beside a daemon; what is on its way to
  /// the wallet goes on to its end.
  ///
  /// - Throws: `StationError.operatorRefused` when whoever orders it may not, `.busy` when another process works on a
  ///   batch that has to be left alone meanwhile, `JournalError.notAllowed` when the batch does not stand so that it can be done.
  public func carryOut(
    _ order: BatchOrder, on batchID: String, partner: String?, credentials: OperatorCredentials = .init()
  ) async throws -> OrderReport {
    try order.check()
    var (record, summary) = try await batch(batchID, partner: partner)
    let lock = order.needsLock ? try batchLock(record) : nil
    defer { lock?.release() }
    // What was read before the lock may have changed since.
    if lock != nil { (record, summary) = try await batch(batchID, partner: record.partner) }
    let lines = try await lines(named: order, in: record)
    let stated = (record, summary)
    let identity = try await identify(credentials, for: order) { name in
      try await statement(of: order, on: stated.0, stated.1, lines, operator: name).text
    }
    // What was sealed tells the lines as they were: it takes its place before one of them changes.
    if lock != nil, try await placement().finishInterrupted(record) {
      record = try await batch(batchID, partner: record.partner).record
    }
    let retried = try await carryOut(order, on: record, lines, identity)
    let after = try await batch(batchID, partner: record.partner)
    var report = OrderReport(record: after.record, summary: after.summary, actor: identity.actor)
    if case .retry(let instructions, _) = order {
      report.retriedCount = retried
      if instructions.isEmpty {
        report.refusedCount = summary.failed.count - retried
        report.pendingCount = summary.pending.count
      }
    }
    return report
  }

  /// The text of an order that the operator `name` is to sign.
  public func statement(of order: BatchOrder, on batchID: String, partner: String?, operator name: String) async throws
    -> [UInt8]
  {
    try order.check()
    _ = try operators.operator(named: name)
    let (record, summary) = try await batch(batchID, partner: partner)
    let lines = try await lines(named: order, in: record)
    return try await statement(of: order, on: record, summary, lines, operator: name).text
  }

  /// The approvals that a batch was given.
  public func approvals(of batch: BatchRecord) async throws -> [RecordedApproval] {
    try await journal().approvals(of: batch.number)
  }

  /// Answers how many instructions are tried again.
  private func carryOut(
    _ order: BatchOrder, on batch: BatchRecord, _ lines: [JournalLine], _ identity: OperatorIdentity
  ) async throws -> Int {
    let journal = try journal()
    let (number, now, actor) = (batch.number, clock.now(), identity.actor)
    switch order {
    case .hold(let note): try await journal.hold(number, by: .heldByOperator, note: note, actor: actor, at: now)
    case .approve:
      let partner = try partners.all().first { $0.name == batch.partner }
      try FourEyes.check(identity, releasing: batch, of: partner)
      let approval = Approval(
        actor: actor, evidence: identity.proof.evidence, signature: identity.proof.signature, round: batch.round)
      try await journal.approve(number, approval, at: now)
    case .resume(let note):
      try await journal.resume(number, note: note, actor: actor, proof: identity.proof, at: now)
    case .cancel(let note):
      let reason = Reason(.cancelled, "cancelled before this instruction was sent: \(note)")
      try await journal.cancel(number, for: reason, actor: actor, at: now)
    case .retry(let instructions, let note):
      var retry = RetryOrder(
        positions: instructions.isEmpty ? nil : lines.map(\.instruction.position), actor: actor, note: note,
        needsRelease: try partners.partner(named: batch.partner).policy.requiresRelease)
      retry.proof = identity.proof
      try RetryRules.check(batch, at: now)
      let count = try await journal.retry(retry, of: number, at: now)
      if count == 0 { throw RetryRules.nothing(in: batch, try await journal.summary(of: number)) }
      return count
    case .settle(_, let note, let receipt):
      for line in lines {
        var settlement = HandSettlement(
          position: line.instruction.position, actor: actor, note: note, receipt: receipt)
        settlement.proof = identity.proof
        try await journal.settleByHand(settlement, of: number, at: now)
      }
    }
    return 0
  }

  /// The lines that an order names, each of which can be what the order wants.
  private func lines(named order: BatchOrder, in batch: BatchRecord) async throws -> [JournalLine] {
    var lines: [JournalLine] = []
    for instructionID in Set(order.instructions).sorted() {
      guard let line = try await journal().lines(called: instructionID, of: batch.number).first else {
        throw StationError.notFound("the batch \(batch.header.batchID) has no instruction \(instructionID)")
      }
      if case .retry = order { try RetryRules.check(line) }
      lines.append(line)
    }
    return lines
  }

  private func placement() throws -> ResultPlacement {
    ResultPlacement(journal: try journal(), outbox: Outbox(path: home.outbox), clock: clock)
  }

  private func batchLock(_ batch: BatchRecord) throws -> FileLock {
    do { return try LockDirectory(path: home.locks).batch(batch.header.batchID, of: batch.partner) } catch let
      error as PipelineError
    {
      guard case .busy(let what) = error else { throw error }
      throw StationError.busy(what)
    }
  }
}
