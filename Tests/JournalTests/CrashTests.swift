import Batch
import Glibc
import Journal
import Storage
import Testing
import Wallet

@Suite("A journal whose process is killed")
struct CrashTests {
  /// A point and the how-manieth time at it.
  struct Crash: Sendable, Codable, CustomTestStringConvertible {
    let point: String
    let visit: Int
    var testDescription: String { "\(point):\(visit)" }
  }

  static let crashes = CrashPoint.all.map(\.rawValue).filter { point in
    point.hasPrefix("journal.") && !point.contains("reject") && !point.contains("expire")
  }.flatMap { point in
    // What is done once for a batch is reached once.
    let isRepeated = point.contains("append") || point.contains("claim") || point.contains("record")
    return (isRepeated ? [1, 2, 3] : [1]).map { Crash(point: point, visit: $0) }
  }

  @Test("is finished by the next one, and every payee is paid once", arguments: crashes)
  func killed(crash: Crash) async throws {
    let home = TemporaryDirectory.make()
    await #expect(processExitsWith: .signal(SIGKILL)) { [home = home as String, crash = crash as Crash] in
      setenv("DISBURSE_CRASH_AT", "\(crash.point):\(crash.visit)", 1)
      let journal = try SQLiteJournal(path: home + "/journal.sqlite")
      let owner = ClaimOwner(rawValue: "dead")
      try await MiniPipeline(journal: journal, wallet: BookWallet(path: home + "/book"), owner: owner).run()
    }
    let journal = try SQLiteJournal(path: home + "/journal.sqlite")
    // An entry is there exactly when what it tells is: the check compares the two.
    #expect(try await journal.checkAudit().findings.list.isEmpty)
    let wallet = BookWallet(path: home + "/book")
    let before = wallet.entries().count
    let requests = try await MiniPipeline(journal: journal, wallet: wallet, owner: me).run()
    let entries = wallet.entries()
    #expect(entries.count == MiniPipeline.lineCount - 1)
    #expect(Set(entries).count == entries.count)
    // The wallet's own check for repetitions was never needed: what may have been paid was asked for.
    #expect(requests == entries.count - before)
    let record = try #require(try await journal.batch("B-1", of: "registry"))
    #expect(record.life.state == .completed)
    let summary = try await journal.summary(of: record.number)
    #expect(summary.succeeded.count == MiniPipeline.lineCount - 1)
    #expect(summary.failed.count == 1 && summary.pending.count == 0)
    let lines = try await journal.lines(of: record.number, from: 0, count: 100)
    #expect(lines.map(\.instruction.position) == Array(0..<MiniPipeline.lineCount))
    #expect(Set(lines.compactMap(\.reference)).count == MiniPipeline.lineCount - 1)
    #expect(try await journal.checkAudit().findings.list.isEmpty)
  }

  @Test(
    "in the midst of a rejection leaves the IDs free", arguments: ["journal.reject.committed", "journal.reject.swept"])
  func rejected(point: String) async throws {
    let home = TemporaryDirectory.make()
    await #expect(processExitsWith: .signal(SIGKILL)) { [home = home as String, point = point as String] in
      setenv("DISBURSE_CRASH_AT", point, 1)
      let journal = try SQLiteJournal(path: home + "/journal.sqlite")
      let batch = try await journal.openNew()
      _ = try await journal.append(try lines(0..<5), to: batch)
      try await journal.reject(batch, for: Rejection(Problem(.schema, "bad")), at: now)
    }
    let journal = try SQLiteJournal(path: home + "/journal.sqlite")
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .rejected)
    #expect(try await journal.checkAudit().findings.list.isEmpty)
    let batch = try await journal.openNew()
    #expect(try await journal.append(try lines(0..<5), to: batch).isEmpty)
    #expect(try await journal.summary(of: batch).count == 5)
  }

  @Test("while it takes over from another that was killed, is finished all the same")
  func killedTwice() async throws {
    let home = TemporaryDirectory.make()
    await #expect(processExitsWith: .signal(SIGKILL)) { [home = home as String] in
      setenv("DISBURSE_CRASH_AT", "journal.claim.committed:2", 1)
      let journal = try SQLiteJournal(path: home + "/journal.sqlite")
      let owner = ClaimOwner(rawValue: "first")
      try await MiniPipeline(journal: journal, wallet: BookWallet(path: home + "/book"), owner: owner).run()
    }
    await #expect(processExitsWith: .signal(SIGKILL)) { [home = home as String] in
      setenv("DISBURSE_CRASH_AT", "journal.expire.committed", 1)
      let journal = try SQLiteJournal(path: home + "/journal.sqlite")
      let owner = ClaimOwner(rawValue: "second")
      try await MiniPipeline(journal: journal, wallet: BookWallet(path: home + "/book"), owner: owner).run()
    }
    let journal = try SQLiteJournal(path: home + "/journal.sqlite")
    #expect(try await journal.checkAudit().findings.list.isEmpty)
    let wallet = BookWallet(path: home + "/book")
    try await MiniPipeline(journal: journal, wallet: wallet, owner: me).run()
    #expect(wallet.entries().count == MiniPipeline.lineCount - 1)
    #expect(Set(wallet.entries()).count == MiniPipeline.lineCount - 1)
  }

  @Test(
    "in an operator's step has the step and its entry, and its holder knows",
    arguments: [
      "operator.hold.committed", "operator.resume.committed", "operator.retry.committed", "operator.approve.committed",
      "operator.settle.committed", "operator.cancel.committed",
    ])
  func operators(point: String) async throws {
    let home = TemporaryDirectory.make()
    await #expect(processExitsWith: .signal(SIGKILL)) { [home = home as String, point = point as String] in
      setenv("DISBURSE_CRASH_AT", point, 1)
      let journal = try SQLiteJournal(path: home + "/journal.sqlite")
      let alice = AuditActor.operator("alice")
      let batch = try await journal.admitted(2)
      try await journal.hold(batch, by: .heldByOperator, note: "wait", actor: alice, at: now)
      try await journal.resume(batch, note: "go", actor: alice, proof: nil, at: now)
      let claim = try await journal.claimed(2, of: batch)
      let no = InstructionLifecycle.Event.answered(.rejected(Reason(.payeeInactive, "no")))
      try await journal.record([answer(0, no), answer(1, no)], under: claim.token, at: now)
      try await journal.retry(RetryOrder(positions: [0], actor: alice, needsRelease: true), of: batch, at: now)
      try await journal.approve(batch, Approval(actor: .operator("bob"), evidence: "cafe", round: 2), at: now)
      try await journal.settleByHand(HandSettlement(position: 1, actor: alice, note: "cash"), of: batch, at: now)
      try await journal.cancel(batch, for: Reason(ReasonCode(rawValue: "cancelled"), "enough"), actor: alice, at: now)
    }
    let journal = try SQLiteJournal(path: home + "/journal.sqlite")
    #expect(try await journal.checkAudit().findings.list.isEmpty)
    let last = try #require(try await journal.auditEntries(matching: AuditQuery()).last?.event)
    #expect(last.actor.rawValue.hasPrefix("operator "))
  }
}
