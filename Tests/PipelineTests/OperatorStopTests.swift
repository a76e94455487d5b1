import Batch
import Journal
import PartnerKit
import Partners
import Testing
import Wallet

@testable import Pipeline

@Suite("A batch that is stopped", .timeLimit(.minutes(2)))
struct OperatorStopTests {
  private let kit: PipelineKit
  private let alice = AuditActor.operator("alice")
  init() throws { kit = try PipelineKit() }

  private func setPolicy(_ change: (inout PartnerPolicy) -> Void) throws {
    let partner = try kit.partners.partner(named: "registry")
    var policy = partner.policy
    change(&policy)
    try kit.partners.update(
      Partner(
        name: partner.name, signingCertificates: partner.signingCertificates,
        encryptionCertificates: partner.encryptionCertificates, policy: policy))
  }

  private func hold(of work: () async throws -> BatchReport) async -> BatchHold? {
    let error = await #expect(throws: PipelineError.self) { _ = try await work() }
    guard case .held("B-1", let cause, _)? = error else {
      Issue.record("\(String(describing: error)) is not held")
      return nil
    }
    return cause
  }

  // MARK: By its failures

  @Test("by its failures sends no more than the minimum that tells, and the rest when it is resumed")
  func failureRate() async throws {
    try setPolicy { $0.failureLimit = FailureLimit(percent: 20, minimumAnswers: 10) }
    await kit.wallet.setStandard(.reject(.payeeInactive))
    let file = try kit.seal(BatchText("B-1", payments(100)))
    #expect(await hold { try await kit.pipeline().process(file) } == .failureRate)
    #expect(await kit.wallet.submitCount == 16)
    #expect(await hold { try await kit.pipeline().process(file) } == .failureRate)
    #expect(await kit.wallet.submitCount == 16)
    await kit.wallet.setStandard(.settle)
    let batch = try await kit.record("B-1")
    try await kit.journal.resume(batch.number, note: "mended", actor: alice, proof: nil, at: kit.clock.now())
    let report = try await kit.pipeline().process(file)
    #expect(report.summary?.succeeded.count == 84 && report.summary?.failed.count == 16)
    #expect(await kit.wallet.submitCount == 100)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
  }

  @Test("by its failures is stopped again by new ones, after as many as before")
  func failureRateAgain() async throws {
    try setPolicy { $0.failureLimit = FailureLimit(percent: 20, minimumAnswers: 10) }
    await kit.wallet.setStandard(.reject(.payeeInactive))
    let file = try kit.seal(BatchText("B-1", payments(100)))
    for count in [16, 32] {
      #expect(await hold { try await kit.pipeline().process(file) } == .failureRate)
      #expect(await kit.wallet.submitCount == count)
      let batch = try await kit.record("B-1")
      try await kit.journal.resume(batch.number, note: "try", actor: alice, proof: nil, at: kit.clock.now())
    }
  }

  @Test("by its failures is none whose share is below the limit, or that has too few to tell, or nothing left")
  func belowLimit() async throws {
    try setPolicy { $0.failureLimit = FailureLimit(percent: 20, minimumAnswers: 10) }
    for index in [3, 50, 70] { await kit.wallet.set(.reject(.payeeInactive), for: "I-\(index)") }
    let low = try await kit.pipeline().process(kit.seal(BatchText("B-0", payments(100))))
    #expect(low.summary?.failed.count == 3)
    await kit.wallet.setStandard(.reject(.payeeInactive))
    let few = try await kit.pipeline().process(kit.seal(BatchText("B-2", payments(9, prefix: "J"))))
    #expect(few.status == .completed && few.summary?.failed.count == 9)
    let last = try await kit.pipeline().process(kit.seal(BatchText("B-3", payments(16, prefix: "K"))))
    #expect(last.status == .completed && last.summary?.failed.count == 16)
  }

  // MARK: By an operator

  @Test("from outside in the midst of a run claims no more, and after it is resumed nobody is paid twice")
  func heldMidRun() async throws {
    await kit.wallet.holdNext()
    let file = try kit.seal(BatchText("B-1", payments(40)))
    let pipeline = try kit.pipeline {
      $0.dispatch.lanes = 1
      $0.dispatch.claimsInFlight = 1
    }
    async let first = hold { try await pipeline.process(file) }
    await kit.wallet.whenHeld()
    let batch = try await kit.record("B-1")
    try await kit.journal.hold(batch.number, by: .heldByOperator, note: "stop", actor: alice, at: kit.clock.now())
    await kit.wallet.release()
    #expect(await first == .operatorStop)
    #expect(await kit.wallet.submitCount == 8)
    #expect(kit.outbox.isEmpty)
    try await kit.journal.resume(batch.number, note: "on", actor: alice, proof: nil, at: kit.clock.now())
    let report = try await kit.pipeline().process(file)
    #expect(report.summary?.succeeded.count == 40)
    #expect(await kit.wallet.submitCount == 40)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
  }

  @Test("for good in the midst of a run follows what was sent to its end, and answers the rest as cancelled")
  func cancelledMidRun() async throws {
    await kit.wallet.set(.settleInDoubt, for: "I-1")
    await kit.wallet.holdNext()
    let file = try kit.seal(BatchText("B-1", payments(40)))
    let pipeline = try kit.pipeline {
      $0.dispatch.lanes = 1
      $0.dispatch.claimsInFlight = 1
      $0.dispatch.waitForFinalSeconds = 60
    }
    async let first = pipeline.process(file)
    await kit.wallet.whenHeld()
    let batch = try await kit.record("B-1")
    let reason = Reason(.cancelled, "sent twice")
    try await kit.journal.cancel(batch.number, for: reason, actor: alice, at: kit.clock.now())
    await kit.wallet.release()
    let report = try await first
    let result = try kit.result(report)
    #expect(report.status == .completed)
    #expect(result.ids(.successful) == (0..<8).map { "I-\($0)" })
    #expect(result.lines.dropFirst(8).allSatisfy { $0.reason == reason && $0.reference == nil })
    #expect(result.lines[9].reason?.code.iso == "NARR")
    #expect(await kit.wallet.submitCount == 8)
    #expect(result.succeeded == (await kit.wallet.debited))
  }

  // MARK: Until its release

  @Test("until its release, and whose end passes meanwhile, is answered as expired")
  func expiredWhileHeld() async throws {
    try setPolicy { $0.requiresRelease = true }
    let file = try kit.seal(BatchText("B-1", payments(3)).with("expiresAt", kit.clock.instant(in: 60)))
    #expect(await hold { try await kit.pipeline().process(file) } == .awaitingRelease)
    kit.clock.advance(seconds: 60)
    let report = try await kit.pipeline().process(file)
    let result = try kit.result(report)
    #expect(report.status == .completed)
    #expect(result.lines.map(\.reason?.code) == [.expired, .expired, .expired])
    #expect(await kit.wallet.calls == [])
  }

  @Test("until its release waits for its instant all the same")
  func releasedEarly() async throws {
    try setPolicy { $0.requiresRelease = true }
    let file = try kit.seal(BatchText("B-1", payments(3)).with("executeAt", kit.clock.instant(in: 60)))
    #expect(await hold { try await kit.pipeline().process(file) } == .awaitingRelease)
    let batch = try await kit.record("B-1")
    try await kit.journal.approve(
      batch.number, Approval(actor: alice, evidence: "e", round: 1), at: kit.clock.now())
    let error = await #expect(throws: PipelineError.self) { _ = try await kit.pipeline().process(file) }
    guard case .notBefore? = error else {
      Issue.record("\(String(describing: error)) is not notBefore")
      return
    }
    kit.clock.advance(seconds: 60)
    #expect(try await kit.pipeline().process(file).summary?.succeeded.count == 3)
  }

  // MARK: Afterwards

  @Test("and tried again pays under another reference, and the next revision tells")
  func retried() async throws {
    await kit.wallet.set(.reject(.payeeInactive), for: "I-1")
    let file = try kit.seal(BatchText("B-1", payments(4)))
    #expect(try await kit.pipeline().process(file).summary?.failed.count == 1)
    let batch = try await kit.record("B-1")
    await kit.wallet.set(.settle, for: "I-1")
    #expect(try await kit.journal.retry(RetryOrder(actor: alice), of: batch.number, at: kit.clock.now()) == 1)
    let report = try await kit.pipeline().process(file)
    let result = try kit.result(report)
    #expect(result.document.header.revision == 2 && result.ids(.successful).count == 4)
    #expect(Set(await kit.wallet.submissions(of: "I-1")).count == 2)
    #expect(await kit.wallet.submissions(of: "I-0").count == 1)
    #expect(result.succeeded == (await kit.wallet.debited))
  }

  @Test("for good, what was perhaps sent and is tried after all goes under the same reference")
  func retriedAfterDoubt() async throws {
    await kit.wallet.set(.loseFirst, for: "I-1")
    let file = try kit.seal(BatchText("B-1", payments(2)))
    #expect(try await kit.pipeline().process(file).status == .partial)
    let batch = try await kit.record("B-1")
    let reason = Reason(.cancelled, "not needed")
    try await kit.journal.cancel(batch.number, for: reason, actor: alice, at: kit.clock.now())
    // Asked twice, the wallet has never heard of it: the line is answered as cancelled.
    let report = try await kit.pipeline { $0.dispatch.waitForFinalSeconds = 60 }.process(file)
    #expect(report.summary?.failed.count == 1)
    let order = RetryOrder(positions: [1], actor: alice)
    #expect(try await kit.journal.retry(order, of: batch.number, at: kit.clock.now()) == 1)
    #expect(try await kit.pipeline().process(file).summary?.succeeded.count == 2)
    // The first request may still be on its way: the wallet knows both by one reference.
    #expect(Set(await kit.wallet.submissions(of: "I-1")).count == 1)
  }

  @Test("for good, its cancelled lines are tried again only when they are named")
  func cancelledLinesAreNotRetried() async throws {
    await kit.wallet.set(.reject(.payeeInactive), for: "I-0")
    let file = try kit.seal(BatchText("B-1", payments(3)).with("executeAt", kit.clock.instant(in: 3_600)))
    await #expect(throws: PipelineError.self) { _ = try await kit.pipeline().process(file) }
    let batch = try await kit.record("B-1")
    try await kit.journal.cancel(
      batch.number, for: Reason(.cancelled, "sent twice"), actor: alice, at: kit.clock.now())
    #expect(try await kit.pipeline().process(file).summary?.failed.count == 3)
    #expect(try await kit.journal.retry(RetryOrder(actor: alice), of: batch.number, at: kit.clock.now()) == 0)
    #expect(await kit.wallet.submitCount == 0)
  }

  @Test("is still asked for what was sent, and nothing more of it is sent")
  func heldIsAsked() async throws {
    await kit.wallet.set(.accept(asks: 1), for: "I-1")
    let file = try kit.seal(BatchText("B-1", payments(2)))
    #expect(try await kit.pipeline().process(file).status == .partial)
    let batch = try await kit.record("B-1")
    try await kit.journal.hold(batch.number, by: .heldByOperator, note: "stop", actor: alice, at: kit.clock.now())
    // Once it is pending still, then it is settled: with nothing left to be held, the batch is answered.
    let report = try await kit.pipeline { $0.dispatch.waitForFinalSeconds = 60 }.process(file)
    #expect(report.status == .completed)
    #expect(await kit.wallet.submitCount == 2)
  }

  @Test("and settled by hand is told apart, so that the rest is what the wallet debited")
  func byHand() async throws {
    await kit.wallet.set(.reject(.payeeInactive), for: "I-1")
    await kit.wallet.set(.loseFirst, for: "I-2")
    let file = try kit.seal(BatchText("B-1", payments(4)))
    #expect(try await kit.pipeline().process(file).status == .partial)
    let batch = try await kit.record("B-1")
    for position in [1, 2] {
      let word = HandSettlement(position: position, actor: alice, note: "in cash", receipt: "R-\(position)")
      try await kit.journal.settleByHand(word, of: batch.number, at: kit.clock.now())
    }
    let report = try await kit.pipeline().process(file)
    let result = try kit.result(report)
    #expect(report.status == .completed)
    #expect(result.document.header.revision == 2)
    let line = result.lines[1]
    #expect(line.status == .successful && line.financialTransactionID == nil && line.completedAt == nil)
    #expect(line.settledByHand?.note == "in cash" && line.settledByHand?.receipt == "R-1")
    let byHand = result.document.header.summary.settledByHand
    #expect(byHand.count == 2)
    #expect(result.succeeded - byHand.amounts.values.reduce(0, +) == (await kit.wallet.debited))
    #expect(await kit.wallet.submissions(of: "I-2").count == 1)
  }
}
