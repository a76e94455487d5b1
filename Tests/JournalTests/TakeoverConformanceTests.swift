import Batch
import Journal
import Testing
import Wallet

@Suite("Taking over another's claims")
struct TakeoverConformanceTests {
  @Test("a lost owner's lines without an outcome are in doubt, the rest stays", arguments: JournalUnderTest.all)
  func expiry(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(6)
    let claim = try await journal.claimed(3, of: batch, for: other)
    _ = try await journal.claimed(1, of: batch, for: other)
    try await journal.record(
      [answer(0, .answered(.settled(settlement))), answer(1, .answered(.accepted))], under: claim.token, at: now)
    let next = try again()
    #expect(try await next.expireClaims(of: batch, except: me, at: later) == 2)
    #expect(try await next.states(of: batch) == [.settled, .sent, .inDoubt, .inDoubt, .admitted, .admitted])
    #expect(try await next.summary(of: batch).inDoubtCount == 2)
    #expect(try await next.expireClaims(of: batch, except: me, at: later) == 0)
  }

  @Test("one's own claims do not expire", arguments: JournalUnderTest.all)
  func ownClaims(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch)
    #expect(try await journal.expireClaims(of: batch, except: me, at: later) == 0)
    try await journal.record([answer(0, .answered(.accepted))], under: claim.token, at: now)
    #expect(try await journal.states(of: batch) == [.sent, .claimed])
  }

  @Test("a lost owner's late outcome is refused and writes nothing", arguments: JournalUnderTest.all)
  func lateOwner(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch, for: other)
    _ = try await again().expireClaims(of: batch, except: me, at: later)
    await #expect(throws: JournalError.claimLost(fence: claim.token.fence)) {
      try await journal.record([answer(0, .answered(.settled(settlement)))], under: claim.token, at: now)
    }
    #expect(try await journal.states(of: batch) == [.inDoubt, .inDoubt])
  }

  @Test("a token with another's name or batch is refused", arguments: JournalUnderTest.all)
  func forgedToken(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1, "B-1")
    let second = try await journal.admitted(1, "B-2")
    let fence = try await journal.claimed(1, of: batch).token.fence
    for token in [
      ClaimToken(batch: batch, fence: fence, owner: other), ClaimToken(batch: second, fence: fence, owner: me),
      ClaimToken(batch: batch, fence: fence + 1, owner: me),
    ] {
      await #expect(throws: JournalError.claimLost(fence: token.fence)) {
        try await journal.record([answer(0, .answered(.accepted))], under: token, at: now)
      }
    }
  }

  @Test("what is not final is claimed again, page by page, with its state", arguments: JournalUnderTest.all)
  func unresolved(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(6)
    let claim = try await journal.claimed(6, of: batch)
    try await journal.record(
      [
        answer(0, .answered(.accepted)), answer(1, .answered(.settled(settlement))),
        answer(2, .answered(.inDoubt("?"))),
        answer(3, .answered(.notSent("down"))),
      ], under: claim.token, at: now)
    let first = try #require(try await journal.claimUnresolved(2, of: batch, after: nil, for: me, at: later))
    #expect(first.instructions.map(\.instruction.position) == [0, 2])
    #expect(first.instructions.map(\.life.state) == [.sent, .inDoubt])
    let second = try #require(try await journal.claimUnresolved(2, of: batch, after: 2, for: me, at: later))
    #expect(second.instructions.map(\.instruction) == [try line(3, id: "B-1-3")])
    #expect(second.instructions.map(\.life.state) == [.claimed])
    #expect(try await journal.claimUnresolved(2, of: batch, after: 3, for: me, at: later) == nil)
    #expect(first.token.fence > claim.token.fence)
  }

  @Test("a claim of unresolved lines takes them out of the claim before", arguments: JournalUnderTest.all)
  func fence(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(3)
    let claim = try await journal.claimed(3, of: batch)
    try await journal.record([answer(0, .answered(.accepted))], under: claim.token, at: now)
    let next = try #require(try await journal.claimUnresolved(9, of: batch, after: nil, for: me, at: later))
    await #expect(throws: JournalError.claimLost(fence: claim.token.fence)) {
      try await journal.record(
        [answer(0, .answered(.settled(settlement))), answer(1, .answered(.accepted))], under: claim.token, at: now)
    }
    #expect(try await journal.states(of: batch) == [.sent, .claimed, .claimed])
    try await journal.record([answer(0, .enquired(.settled(settlement)))], under: next.token, at: later)
    try await journal.record([answer(1, .answered(.settled(settlement)))], under: claim.token, at: later)
    #expect(try await journal.states(of: batch) == [.settled, .settled, .claimed])
  }

  @Test("a line that was claimed to be sent again is in doubt when that owner is lost", arguments: JournalUnderTest.all)
  func resentInDoubt(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch, for: other)
    try await journal.record(
      [answer(0, .answered(.notSent("down"))), answer(1, .answered(.notSent("down")))], under: claim.token, at: now)
    _ = try await journal.claimUnresolved(1, of: batch, after: nil, for: other, at: now)
    #expect(try await journal.expireClaims(of: batch, except: me, at: later) == 1)
    #expect(try await journal.states(of: batch) == [.inDoubt, .admitted])
    #expect(try await journal.summary(of: batch).inDoubtCount == 1)
  }

  @Test("a released line gets a new attempt without the old reference", arguments: JournalUnderTest.all)
  func release(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    _ = try await journal.append(
      [try line(0), try line(1), try line(2, refusal: Reason(.payeeNotFound, "no"))], to: batch)
    try await journal.admit(batch, contentDigest: [], at: now)
    let claim = try await journal.claimed(2, of: batch)
    try await journal.record(
      [
        answer(0, .answered(.rejected(Reason(.payeeInactive, "closed")))),
        answer(1, .answered(.settled(settlement))),
      ], under: claim.token, at: now)
    try await journal.publish(batch, revision: 1)
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .completed)
    #expect(
      try await journal.retry(RetryOrder(positions: [0, 1, 2], actor: .operator("alice")), of: batch, at: later) == 1)
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .partial)
    #expect(try await journal.states(of: batch) == [.admitted, .settled, .rejected])
    let again = try #require(try await journal.claimUnresolved(9, of: batch, after: nil, for: me, at: later))
    #expect(again.instructions.map(\.attempt) == [2])
    #expect(again.instructions.map(\.life.state) == [.claimed])
    #expect(try await journal.lines(of: batch, from: 0, count: 1).first?.reference == nil)
    #expect(try await journal.summary(of: batch).pending.count == 1)
    await #expect(throws: JournalError.claimLost(fence: claim.token.fence)) {
      try await journal.record([answer(0, .enquired(.pending))], under: claim.token, at: later)
    }
  }
}
