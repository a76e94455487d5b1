import Batch
import Journal
import Testing
import Wallet

@Suite("Claims and outcomes in the journal")
struct DispatchConformanceTests {
  @Test("claims take each line once, in the batch's order, and then there is none", arguments: JournalUnderTest.all)
  func order(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(7)
    var positions: [[Int]] = []
    while let claim = try await journal.claim(3, of: batch, for: me, at: now) {
      positions.append(claim.instructions.map(\.instruction.position))
      #expect(claim.instructions.allSatisfy { $0.attempt == 1 && $0.life.state == .claimed })
    }
    #expect(positions == [[0, 1, 2], [3, 4, 5], [6]])
  }

  @Test("claims at the same time share the lines without a common one", arguments: JournalUnderTest.all)
  func concurrent(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(100)
    let journals = [journal, try again()]
    let positions = try await withThrowingTaskGroup(of: [Int].self) { group in
      for journal in journals {
        group.addTask {
          var positions: [Int] = []
          while let claim = try await journal.claim(7, of: batch, for: me, at: now) {
            positions += claim.instructions.map(\.instruction.position)
          }
          return positions
        }
      }
      return try await group.reduce(into: [], +=)
    }
    #expect(positions.sorted() == Array(0..<100))
  }

  @Test("lines refused at admission are never claimed, and are final at once", arguments: JournalUnderTest.all)
  func refusedLines(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    let reason = Reason(.payeeNotFound, "no")
    let instructions = try (0..<9).map { try line($0, refusal: (2..<8).contains($0) ? reason : nil) }
    _ = try await journal.append(instructions, to: batch)
    try await journal.admit(batch, contentDigest: [], at: now)
    var positions: [[Int]] = []
    while let claim = try await journal.claim(3, of: batch, for: me, at: now) {
      positions.append(claim.instructions.map(\.instruction.position))
    }
    #expect(positions == [[0, 1], [8]])
    let refused = try await journal.lines(of: batch, from: 2, count: 1)
    #expect(refused.first?.state == .rejected)
    #expect(refused.first?.reason == reason)
    #expect(refused.first?.instruction.refusal == reason)
  }

  @Test("a batch that is not admitted, or is completed, has nothing to claim", arguments: JournalUnderTest.all)
  func notDispatchable(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    _ = try await journal.append(try lines(0..<1), to: batch)
    await #expect { try await journal.claim(1, of: batch, for: me, at: now) } throws: { isImpossible($0) }
  }

  @Test("each outcome is kept with all that was learnt", arguments: JournalUnderTest.all)
  func outcomes(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(6)
    let claim = try await journal.claimed(6, of: batch)
    let reason = Reason(.payeeInactive, "closed")
    try await journal.record(
      [
        answer(4, .answered(.notSent("down"))), answer(0, .answered(.settled(settlement))),
        answer(1, .answered(.rejected(reason))), answer(2, .answered(.accepted)),
        answer(3, .answered(.inDoubt("time-out"))),
      ], under: claim.token, at: later)
    let lines = try await again().lines(of: batch, from: 0, count: 6)
    #expect(lines.map(\.state) == [.settled, .rejected, .sent, .inDoubt, .admitted, .claimed])
    #expect(lines[0].settlement == settlement)
    #expect(lines[0].reference == reference(0))
    #expect(lines[1].reason == reason && lines[1].settlement == nil && lines[1].instruction.refusal == nil)
    #expect(lines[2].reference == reference(2) && lines[2].reason == nil)
    #expect(lines[3].reason?.message == "time-out" && lines[3].reference == reference(3))
    #expect(lines[4].reference == nil)
    #expect(lines[5].reference == nil)
    #expect(lines.allSatisfy { $0.attempt == 1 && $0.batch == batch })
  }

  @Test("the summary follows every step", arguments: JournalUnderTest.all)
  func summary(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let rwf = try #require(Currency(code: "RWF"))
    let batch = try await journal.admitted(4)
    let claim = try await journal.claimed(4, of: batch)
    try await journal.record(
      [
        answer(0, .answered(.settled(settlement))), answer(1, .answered(.rejected(Reason(.payeeInactive, "closed")))),
        answer(2, .answered(.inDoubt("?"))),
      ], under: claim.token, at: later)
    var summary = try await journal.summary(of: batch)
    #expect(summary.count == 4)
    #expect(summary.succeeded.count == 1 && summary.succeeded.amounts == [rwf: 100])
    #expect(summary.failed.count == 1 && summary.failed.amounts == [rwf: 101])
    #expect(summary.pending.count == 2 && summary.pending.amounts == [rwf: 102 + 103])
    #expect(summary.inDoubtCount == 1)
    try await journal.record(
      [answer(2, .enquired(.settled(settlement))), answer(3, .answered(.settled(settlement)))], under: claim.token,
      at: later)
    summary = try await journal.summary(of: batch)
    #expect(summary.succeeded.count == 3 && summary.succeeded.amounts == [rwf: 100 + 102 + 103])
    #expect(summary.pending.count == 0 && summary.inDoubtCount == 0)
  }

  @Test("answers outside the claim, or against the life, write nothing of their chunk", arguments: JournalUnderTest.all)
  func faults(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(4)
    let claim = try await journal.claimed(2, of: batch)
    let outside = [answer(0, .answered(.accepted)), answer(3, .answered(.accepted))]
    await #expect { try await journal.record(outside, under: claim.token, at: now) } throws: { isImpossible($0) }
    let contrary = [
      answer(0, .answered(.settled(settlement))), answer(0, .answered(.rejected(Reason(.payeeInactive, "closed")))),
    ]
    await #expect { try await journal.record(contrary, under: claim.token, at: now) } throws: { isImpossible($0) }
    #expect(try await journal.states(of: batch) == [.claimed, .claimed, .admitted, .admitted])
    #expect(try await journal.summary(of: batch).succeeded.count == 0)
  }

  @Test("a late answer that says less does not undo what is final", arguments: JournalUnderTest.all)
  func late(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    let claim = try await journal.claimed(1, of: batch)
    try await journal.record([answer(0, .answered(.settled(settlement)))], under: claim.token, at: now)
    let late: [InstructionLifecycle.Event] = [
      .answered(.accepted), .enquired(.pending), .enquired(.unknown), .answered(.inDoubt("late")),
    ]
    for event in late { try await journal.record([answer(0, event)], under: claim.token, at: later) }
    let line = try #require(try await journal.lines(of: batch, from: 0, count: 1).first)
    #expect(line.state == .settled && line.settlement == settlement && line.reason == nil)
  }
}
