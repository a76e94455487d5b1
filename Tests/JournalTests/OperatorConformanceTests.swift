import Batch
import Journal
import Testing
import Wallet

private let alice = AuditActor.operator("alice")

/// Whether an error is an operator's order that can't be carried out.
private func isNotAllowed(_ error: any Error) -> Bool {
  guard case JournalError.notAllowed = error else { return false }
  return true
}

extension Journal {
  fileprivate func held(_ count: Int, _ batchID: String = "B-1") async throws -> BatchNumber {
    let batch = try await openNew(batchID)
    _ = try await append(try (0..<count).map { try line($0, id: "\(batchID)-\($0)") }, to: batch)
    var admitted = AdmittedBatch(header: header(), contentDigest: [1], processor: "us", unknownMemberCount: 0)
    admitted.needsRelease = true
    try await admit(batch, as: admitted, at: now)
    return batch
  }

  /// A batch whose lines stand as `events` say, which is answered.
  fileprivate func answered(_ events: [InstructionLifecycle.Event]) async throws -> BatchNumber {
    let batch = try await admitted(events.count)
    let claim = try await claimed(events.count, of: batch)
    try await record(events.enumerated().map { answer($0, $1) }, under: claim.token, at: now)
    try await publish(batch, revision: 1)
    return batch
  }

  fileprivate func record(_ batch: BatchNumber) async throws -> BatchRecord { try await self.batch(batch) }

  fileprivate func actions(_ batchID: String = "B-1") async throws -> [String] {
    var query = AuditQuery()
    query.batchID = batchID
    return try await auditEntries(matching: query).map(\.event.action.rawValue)
  }
}

private let rejected = InstructionLifecycle.Event.answered(.rejected(Reason(.payeeInactive, "closed")))
private let settled = InstructionLifecycle.Event.answered(.settled(settlement))
private let inDoubt = InstructionLifecycle.Event.answered(.inDoubt("?"))

@Suite("Holds and releases in the journal")
struct HoldConformanceTests {
  @Test(
    "nothing of a held batch is claimed to be sent until it is resumed, and what is in doubt is claimed to be asked for",
    arguments: JournalUnderTest.all)
  func hold(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(4)
    let claim = try await journal.claimed(2, of: batch)
    try await journal.hold(batch, by: .heldByOperator, note: "why", actor: alice, at: now)
    #expect(try await journal.claim(2, of: batch, for: me, at: now) == nil)
    // What is in a claim's hands is recorded all the same.
    try await journal.record([answer(0, settled), answer(1, inDoubt)], under: claim.token, at: now)
    let doubtful = try await journal.claimUnresolved(2, of: batch, after: nil, for: me, at: now)
    #expect(doubtful?.instructions.map(\.instruction.position) == [1])
    let held = try await again().batch(batch)
    #expect(held.life.hold == .operatorStop && held.holdNote == "why")
    var query = BatchQuery()
    query.isHeld = true
    #expect(try await journal.batches(matching: query).map(\.number) == [batch])
    try await journal.resume(batch, note: "on", actor: alice, proof: nil, at: now)
    #expect(try await journal.claimed(2, of: batch).instructions.count == 2)
    #expect(try await journal.batches(matching: query).isEmpty)
    #expect(try await journal.actions().filter { $0.hasSuffix("held") || $0.hasSuffix("resumed") }.count == 2)
  }

  @Test("a batch that waits for its release is approved once, for its own round", arguments: JournalUnderTest.all)
  func approve(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.held(2)
    #expect(try await journal.claim(2, of: batch, for: me, at: now) == nil)
    let late = Approval(actor: alice, evidence: "e", round: 2)
    await #expect { try await journal.approve(batch, late, at: now) } throws: { isNotAllowed($0) }
    await #expect {
      try await journal.resume(batch, note: "", actor: alice, proof: nil, at: now)
    } throws: {
      isNotAllowed($0)
    }
    let approval = Approval(actor: alice, evidence: "e", signature: [7, 8], round: 1)
    try await journal.approve(batch, approval, at: later)
    #expect(try await again().approvals(of: batch) == [RecordedApproval(approval, at: later)])
    #expect(try await journal.claimed(2, of: batch).instructions.count == 2)
    await #expect { try await journal.approve(batch, approval, at: now) } throws: { isNotAllowed($0) }
    #expect(try await journal.actions().contains("batch.approved"))
  }

  @Test("a batch is cancelled whatever holds it, and what is finished is not", arguments: JournalUnderTest.all)
  func cancel(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.held(1)
    try await journal.cancel(batch, for: Reason(.cancelled, "no"), actor: alice, at: now)
    var record = try await journal.record(batch)
    #expect(record.life.hold == nil && record.cancellation == Reason(.cancelled, "no"))
    // Again: the first word stands.
    try await journal.cancel(batch, for: Reason(.cancelled, "other"), actor: alice, at: now)
    record = try await journal.record(batch)
    #expect(record.cancellation?.message == "no")
    let claim = try await journal.claimed(1, of: batch)
    try await journal.record([answer(0, rejected)], under: claim.token, at: now)
    try await journal.publish(batch, revision: 1)
    let reason = Reason(.cancelled, "late")
    await #expect { try await journal.cancel(batch, for: reason, actor: alice, at: now) } throws: { isNotAllowed($0) }
    await #expect {
      try await journal.hold(batch, by: .heldByOperator, note: "", actor: alice, at: now)
    } throws: {
      isNotAllowed($0)
    }
  }

  @Test("what a batch was to pay counts for its partner's day, once", arguments: JournalUnderTest.all)
  func days(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    for (index, instant) in [now, now, Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + 86_400_000)]
      .enumerated()
    {
      let batch = try await journal.openNew("B-\(index)")
      _ = try await journal.append([try line(0, id: "I-\(index)")], to: batch)
      var admitted = AdmittedBatch(header: header(), contentDigest: [1], processor: "us", unknownMemberCount: 0)
      let amount = try rwf(100)
      admitted.payable = [amount.currency: amount]
      try await journal.admit(batch, as: admitted, at: instant)
    }
    let currency = try rwf(1).currency
    #expect(try await journal.dayTotals(of: "registry", at: now) == [currency: 200])
    let next = Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + 86_400_000)
    #expect(try await journal.dayTotals(of: "registry", at: next) == [currency: 100])
    #expect(try await journal.dayTotals(of: "other", at: now) == [:])
  }
}

@Suite("Retries and hand settlements in the journal")
struct RetryConformanceTests {
  @Test("only what a wallet rejected is tried again, and a new round begins", arguments: JournalUnderTest.all)
  func retry(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.answered([settled, rejected, inDoubt])
    var order = RetryOrder(actor: alice, note: "again")
    order.needsRelease = true
    #expect(try await journal.retry(order, of: batch, at: now) == 1)
    let record = try await again().batch(batch)
    #expect(record.round == 2 && record.orderedBy == alice && record.life.hold == .awaitingRelease)
    #expect(try await journal.states(of: batch) == [.settled, .admitted, .inDoubt])
    await #expect { try await journal.retry(order, of: batch, at: now) } throws: { isNotAllowed($0) }
    try await journal.approve(batch, Approval(actor: .operator("bob"), evidence: "e", round: 2), at: now)
    let claim = try #require(try await journal.claimUnresolved(8, of: batch, after: nil, for: me, at: now))
    #expect(claim.instructions.map(\.attempt) == [2, 1])
    #expect(claim.instructions.map(\.life.state) == [.claimed, .inDoubt])
  }

  @Test("named lines that have not failed are passed over", arguments: JournalUnderTest.all)
  func named(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.answered([settled, rejected, rejected, inDoubt])
    let order = RetryOrder(positions: [0, 2, 3, 9], actor: alice)
    #expect(try await journal.retry(order, of: batch, at: now) == 1)
    #expect(try await journal.states(of: batch) == [.settled, .rejected, .admitted, .inDoubt])
    #expect(try await journal.record(batch).life.hold == nil)
  }

  @Test("a cancellation that came first stands while something is not final", arguments: JournalUnderTest.all)
  func cancelled(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.answered([rejected, inDoubt])
    let reason = Reason(.cancelled, "no")
    try await journal.cancel(batch, for: reason, actor: alice, at: now)
    await #expect { try await journal.retry(RetryOrder(actor: alice), of: batch, at: now) } throws: { isNotAllowed($0) }
    let record = try await again().batch(batch)
    #expect(record.cancellation == reason && record.round == 1)
    #expect(try await journal.states(of: batch) == [.rejected, .inDoubt])
  }

  @Test("nothing is tried again of a batch that was rejected", arguments: JournalUnderTest.all)
  func rejectedBatch(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    try await journal.reject(batch, for: Rejection(Problem(.schema, "bad")), at: now)
    await #expect { try await journal.retry(RetryOrder(actor: alice), of: batch, at: now) } throws: { isNotAllowed($0) }
    let settlement = HandSettlement(position: 0, actor: alice, note: "cash")
    await #expect { try await journal.settleByHand(settlement, of: batch, at: now) } throws: { isNotAllowed($0) }
  }

  @Test("a line that was settled by hand is counted apart, and never tried again", arguments: JournalUnderTest.all)
  func byHand(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.answered([settled, rejected, inDoubt])
    for position in [1, 2] {
      let word = HandSettlement(position: position, actor: alice, note: "cash", receipt: "R-\(position)")
      try await journal.settleByHand(word, of: batch, at: later)
    }
    let summary = try await again().summary(of: batch)
    #expect(summary.succeeded.count == 3 && summary.failed.count == 0 && summary.pending.count == 0)
    #expect(summary.byHand.count == 2)
    #expect(summary.byHand.amounts == [try rwf(1).currency: 203])
    #expect(summary.succeeded.amounts == [try rwf(1).currency: 303])
    let line = try await journal.lines(of: batch, from: 1, count: 1)[0]
    #expect(line.byHand == "cash" && line.settlement?.financialTransactionID == "R-1")
    #expect(line.settlement?.completedAt == later && line.state == .settled && line.reason == nil)
    #expect(try await journal.retry(RetryOrder(actor: alice), of: batch, at: now) == 0)
    let record = try await journal.record(batch)
    #expect(record.isChanged && record.life.state == .partial)
    try await journal.publish(batch, revision: 2)
    #expect(try await journal.record(batch).life.state == .completed)
  }

  @Test("only a line that failed, or is in doubt, is settled by hand", arguments: JournalUnderTest.all)
  func byHandRefused(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(4)
    let claim = try await journal.claimed(3, of: batch)
    try await journal.record(
      [answer(0, settled), answer(1, .answered(.accepted))], under: claim.token, at: now)
    // Settled, taken by the wallet, claimed, waiting, not there.
    for position in [0, 1, 2, 3, 4, -1] {
      let word = HandSettlement(position: position, actor: alice, note: "cash")
      await #expect { try await journal.settleByHand(word, of: batch, at: now) } throws: { isNotAllowed($0) }
    }
    #expect(try await journal.summary(of: batch).byHand.count == 0)
  }

  @Test("a line is found by its ID, one that repeats an earlier batch's too", arguments: JournalUnderTest.all)
  func called(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await journal.admitted(2, "B-0")
    let batch = try await journal.openNew("B-1")
    let lines = [
      try line(0, id: "B-0-0", refusal: Reason(.duplicateInstruction, "again")), try line(1, id: "B-1-1"),
    ]
    #expect(try await journal.append(lines, to: batch).isEmpty)
    try await journal.admit(batch, contentDigest: [1], at: now)
    func positions(_ id: String) async throws -> [Int] {
      try await journal.lines(called: id, of: batch).map(\.instruction.position)
    }
    #expect(try await positions("B-1-1") == [1])
    #expect(try await positions("B-0-0") == [0])
    #expect(try await positions("B-0-1") == [])
  }
}
