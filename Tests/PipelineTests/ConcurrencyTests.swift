import Batch
import Journal
import PartnerKit
import Testing
import Wallet

@testable import Pipeline

@Suite("The pipeline at work on much at once", .timeLimit(.minutes(2)))
struct ConcurrencyTests {
  private let kit: PipelineKit
  init() throws { kit = try PipelineKit() }

  @Test("never has one payee in flight twice")
  func onePayee() async throws {
    await kit.wallet.holdNext()
    let file = try kit.seal(BatchText("B-1", payments(400, to: 12)))
    let report = try await kit.pipeline {
      $0.dispatch.lanes = 4
      $0.dispatch.claimSize = 40
      $0.dispatch.claimsInFlight = 4
    }.process(file)
    #expect(report.summary?.succeeded.count == 400)
    #expect(await kit.wallet.mostAtOnceForOnePayee == 1)
    #expect(await kit.wallet.mostCallsAtOnce > 1)
  }

  @Test("refuses a second process on the same batch, and the first goes on")
  func secondProcess() async throws {
    await kit.wallet.holdNext()
    let file = try kit.seal(BatchText("B-1", payments(1)))
    let pipeline = try kit.pipeline()
    async let first = pipeline.process(file)
    await kit.wallet.whenHeld()
    let error = await #expect(throws: PipelineError.self) { _ = try await kit.pipeline().process(file) }
    guard case .busy? = error else {
      Issue.record("\(String(describing: error)) is not busy")
      return
    }
    #expect(await kit.wallet.submitCount == 0)
    await kit.wallet.release()
    #expect(try await first.status == .completed)
    #expect(await kit.wallet.submitCount == 1)
    #expect(try await kit.pipeline().process(file).isRepeated)
  }

  @Test("works on two batches at the same time")
  func twoBatches() async throws {
    // The first batch is held in the wallet until a call of the second arrives there.
    await kit.wallet.holdNext()
    let (one, two) = (try kit.pipeline(), try kit.pipeline())
    let (a, b) = (
      try kit.seal(BatchText("B-1", payments(1)), as: "a"),
      try kit.seal(BatchText("B-2", payments(30, prefix: "J")), as: "b")
    )
    async let first = one.process(a)
    await kit.wallet.whenHeld()
    #expect(try await two.process(b).status == .completed)
    #expect(try await first.status == .completed)
    #expect(kit.outbox == ["a.result.p7m", "b.result.p7m"])
    #expect(await kit.wallet.submitCount == 31)
  }

  @Test("never has one payee in flight twice, over two batches of one process either")
  func onePayeeTwoBatches() async throws {
    await kit.wallet.holdNext()
    let pipeline = try kit.pipeline()
    let (a, b) = (
      try kit.seal(BatchText("B-1", payments(120, to: 12))),
      try kit.seal(BatchText("B-2", payments(120, to: 12, prefix: "J")))
    )
    async let first = pipeline.process(a)
    async let second = pipeline.process(b)
    let reports = try await [first, second]
    #expect(reports.allSatisfy { $0.summary?.succeeded.count == 120 })
    #expect(await kit.wallet.mostAtOnceForOnePayee == 1)
    #expect(await kit.wallet.mostCallsAtOnce > 1)
  }

  @Test("stops when its task is cancelled, writes down what was answered, and goes on the next time")
  func cancelled() async throws {
    await kit.wallet.holdNext()
    let file = try kit.seal(BatchText("B-1", payments(60)))
    // One claim at a time: nothing but the cancelling lets the held call's batch end early.
    let pipeline = try kit.pipeline {
      $0.dispatch.lanes = 1
      $0.dispatch.claimsInFlight = 1
    }
    let work = Task { try await pipeline.process(file) }
    await kit.wallet.whenHeld()
    work.cancel()
    await kit.wallet.release()
    await #expect(throws: (any Error).self) { _ = try await work.value }
    #expect(await kit.wallet.submitCount == 8)
    #expect(try await kit.journal.summary(of: kit.record("B-1").number).succeeded.count == 8)
    #expect(kit.outbox == [])
    let report = try await pipeline.process(file)
    #expect(report.status == .completed)
    #expect(await kit.wallet.submitCount == 60)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
  }

  @Test("gives the results of two files of one name at the same time a place each")
  func sameNameAtOnce() async throws {
    await kit.wallet.holdNext()
    let (one, two) = (try kit.pipeline(), try kit.pipeline())
    let (a, b) = (
      try kit.seal(BatchText("B-1", payments(1)), as: "pay", in: "a"),
      try kit.seal(BatchText("B-2", payments(1, prefix: "J")), as: "pay", in: "b")
    )
    async let first = one.process(a)
    await kit.wallet.whenHeld()
    async let second = two.process(b)
    let reports = try await [first, second]
    #expect(try Set(reports.map { try kit.result($0).document.header.batchID }) == ["B-1", "B-2"])
    #expect(kit.outbox == ["pay.result-2.p7m", "pay.result.p7m"])
  }
}
