import Batch
import Journal
import Testing
import Wallet

@Suite("The audit trail of a journal")
struct AuditConformanceTests {
  private let alice = AuditActor.operator("alice")

  private func entries(_ journal: any Journal) async throws -> [AuditEntry] {
    var query = AuditQuery()
    query.limit = 1_000
    return try await journal.auditEntries(matching: query)
  }

  /// A batch that went through every step, and another that was rejected.
  private func worked(_ journal: any Journal) async throws {
    let wallet = BookWallet(path: TemporaryDirectory.make() + "/book")
    try await MiniPipeline(journal: journal, wallet: wallet, owner: me).run()
    let rejected = try await journal.openNew("B-2")
    _ = try await journal.append([line(0, id: "B-2-0")], to: rejected)
    try await journal.reject(rejected, for: Rejection(Problem(.schema, "bad")), at: later)
  }

  @Test("is a chain: every entry has the hash of what it says and of the one before", arguments: JournalUnderTest.all)
  func chain(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    #expect(try await journal.auditHead() == .empty)
    try await worked(journal)
    let event = AuditEvent(.daemonStarted, by: .daemon, details: [.init("a", ""), .init("ä", "\n")])
    try await again().note(event, at: now)
    var before = AuditHead.empty
    for entry in try await entries(journal) {
      #expect(entry.number == before.number + 1)
      #expect(entry.previous == before.hash)
      #expect(try entry.hash == entry.expectedHash())
      before = AuditHead(number: entry.number, hash: entry.hash)
    }
    #expect(try await journal.auditHead() == before)
  }

  @Test("tells every step of a batch, in its order", arguments: JournalUnderTest.all)
  func steps(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    try await worked(journal)
    let entries = try await entries(journal)
    let work = Array(repeating: [AuditAction.batchClaimed, .batchRecorded], count: 4).flatMap(\.self)
    #expect(entries.map(\.event.action) == [.batchAdmitted] + work + [.resultPublished, .batchRejected])
    #expect(entries.dropLast().allSatisfy { $0.event.batchID == "B-1" && $0.event.partner == "registry" })
    #expect(entries.dropLast().allSatisfy { $0.event.file == "b.p7m" })
    #expect(entries[0].event.detail("count") == "10" && entries[0].event.detail("refused") == "1")
    #expect(entries[1].event.detail("first") == "0" && entries[1].event.detail("last") == "2")
    #expect(entries[2].event.detail("settled") == "3")
    #expect(entries[9].event.detail("status") == "completed" && entries[9].event.detail("succeeded") == "9")
    #expect(entries[10].event.detail("code") == "schema" && entries[10].at == later)
  }

  @Test("tells who signed a result, to whom it was sealed, and its witness", arguments: JournalUnderTest.all)
  func publication(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    var publication = Publication(revision: 1, path: "out/x", digest: [1, 2])
    publication.signer = "5167"
    publication.recipients = ["aa", "bb"]
    publication.witness = try await journal.auditHead()
    try await journal.preparePublication(publication, of: batch)
    try await journal.markPublished(batch, revision: 1, at: later)
    let event = try #require(try await entries(journal).last?.event)
    #expect(event.action == .resultPublished && event.key == "5167")
    #expect(event.detail("recipients") == "aa,bb" && event.detail("sha256") == "0102")
    #expect(event.detail("witness").flatMap { AuditHead($0) } == publication.witness)
    #expect(try await journal.batch("B-1", of: "registry")?.publication == publication)
  }

  @Test("tells who held, approved, resumed, cancelled, tried again and settled", arguments: JournalUnderTest.all)
  func operators(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(2)
    try await journal.hold(batch, by: .heldByOperator, note: "wait", actor: alice, at: now)
    try await journal.resume(batch, note: "go", actor: alice, proof: nil, at: now)
    let claim = try await journal.claimed(2, of: batch)
    let no = InstructionLifecycle.Event.answered(.rejected(Reason(.payeeInactive, "no")))
    try await journal.record([answer(0, no), answer(1, no)], under: claim.token, at: now)
    try await journal.retry(
      RetryOrder(positions: [0], actor: alice, note: "again", needsRelease: true), of: batch, at: now)
    let approval = Approval(actor: .operator("bob"), evidence: "cafe", round: 2)
    try await journal.approve(batch, approval, at: now)
    try await journal.settleByHand(HandSettlement(position: 1, actor: alice, note: "cash"), of: batch, at: now)
    try await journal.cancel(batch, for: Reason(ReasonCode(rawValue: "cancelled"), "enough"), actor: alice, at: now)
    let found = try await entries(journal).map(\.event).filter { $0.actor.rawValue.hasPrefix("operator ") }
    #expect(
      found.map(\.action) == [
        .batchHeld, .batchResumed, .batchRetried, .batchHeld, .batchApproved, .instructionSettled, .batchCancelled,
      ])
    #expect(found[4].actor == .operator("bob") && found[4].key == "cafe")
    #expect(found[5].detail("before") == "rejected" && found[5].detail("note") == "cash")
  }

  @Test("has no entry for a step that was refused", arguments: JournalUnderTest.all)
  func refused(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    let before = try await journal.auditHead()
    await #expect(throws: JournalError.self) {
      try await journal.approve(batch, Approval(actor: alice, evidence: "", round: 1), at: now)
    }
    await #expect(throws: JournalError.self) {
      try await journal.record(
        [answer(0, .answered(.settled(settlement)))], under: ClaimToken(batch: batch, fence: 77, owner: me), at: now)
    }
    #expect(try await journal.auditHead() == before)
  }

  @Test("is asked by batch, partner, actor, action and time, in pages from either end", arguments: JournalUnderTest.all)
  func queries(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    try await worked(journal)
    try await journal.note(AuditEvent(.daemonStarted, by: alice), at: later)
    func numbers(_ change: (inout AuditQuery) -> Void) async throws -> [Int64] {
      var query = AuditQuery()
      change(&query)
      return try await journal.auditEntries(matching: query).map(\.number)
    }
    #expect(try await numbers { $0.batchID = "B-2" } == [11])
    #expect(try await numbers { $0.partner = "registry" } == Array(1...11))
    #expect(try await numbers { $0.actor = "alice" } == [12])
    #expect(try await numbers { $0.actor = "operator alice" } == [12])
    #expect(try await numbers { $0.actor = "lice" }.isEmpty)
    #expect(try await numbers { $0.action = .resultPublished } == [10])
    #expect(try await numbers { $0.from = later } == [11, 12])
    #expect(try await numbers { $0.to = later } == Array(1...10))
    #expect(try await numbers { ($0.after, $0.limit) = (3, 2) } == [4, 5])
    #expect(try await numbers { ($0.isFromTheEnd, $0.limit) = (true, 2) } == [11, 12])
  }
}
