import Batch
import Foundation
import Journal
import PartnerKit
import Testing
import Wallet

@testable import Pipeline

@Suite("A batch and its time")
struct DeadlineTests {
  private let kit: PipelineKit
  init() throws { kit = try PipelineKit() }

  @Test("is answered as partial at its deadline and completed by a later revision, the first file as it was")
  func revisions() async throws {
    await kit.wallet.set(.pendForEver, for: "I-2")
    let file = try kit.seal(BatchText("B-1", payments(6)), as: "november")
    let first = try await kit.pipeline().process(file)
    #expect(first.status == .partial)
    let firstPath = try #require(first.resultPath)
    let firstBytes = try Data(contentsOf: URL(filePath: firstPath))
    let partial = try kit.result(first)
    #expect(partial.document.header.status == .partial)
    #expect(partial.document.header.revision == 1)
    #expect(partial.lines[2].status == .pending)
    #expect(partial.lines[2].reason?.code == .walletTimeout)

    await kit.wallet.settlePending()
    let second = try await kit.pipeline().process(file)
    let whole = try kit.result(second)
    #expect(second.status == .completed)
    #expect(whole.document.header.revision == 2)
    #expect(whole.document.header.status == .completed)
    #expect(whole.ids(.successful).count == 6)
    #expect(kit.outbox == ["november.result-2.p7m", "november.result.p7m"])
    #expect(try Data(contentsOf: URL(filePath: firstPath)) == firstBytes)
    #expect(await kit.wallet.submitCount == 6)
  }

  @Test("is not executed before its instant, and then it is")
  func notBefore() async throws {
    let batch = BatchText("B-1", payments(5)).with("executeAt", kit.clock.instant(in: 3_600))
    let file = try kit.seal(batch)
    let error = await #expect(throws: PipelineError.self) { _ = try await kit.pipeline().process(file) }
    guard case .notBefore("B-1", _)? = error else {
      Issue.record("\(String(describing: error)) is not notBefore")
      return
    }
    #expect(await kit.wallet.calls == [])
    kit.clock.advance(seconds: 3_600)
    #expect(try await kit.pipeline().process(file).status == .completed)
  }

  @Test("is not executed after its end: every line fails as expired, and nothing is sent")
  func expired() async throws {
    let batch = BatchText("B-1", payments(20)).with("executeAt", kit.clock.instant(in: 60))
      .with("expiresAt", kit.clock.instant(in: 120))
    let file = try kit.seal(batch)
    await #expect(throws: PipelineError.self) { _ = try await kit.pipeline().process(file) }
    kit.clock.advance(seconds: 120)
    let report = try await kit.pipeline().process(file)
    let result = try kit.result(report)
    #expect(report.status == .completed)
    #expect(result.ids(.failed).count == 20)
    #expect(result.lines.allSatisfy { $0.reason?.code.rawValue == "expired" && $0.reference == nil })
    #expect(await kit.wallet.calls == [])
  }

  @Test("is asked for after its end where something was sent, and only what was never heard of twice expires")
  func expiredInDoubt() async throws {
    await kit.wallet.set(.settleInDoubt, for: "I-1")
    await kit.wallet.set(.loseFirst, for: "I-2")
    await kit.wallet.set(.unreachable, for: "I-3")
    let file = try kit.seal(BatchText("B-1", payments(5)).with("expiresAt", kit.clock.instant(in: 60)))
    #expect(try await kit.pipeline().process(file).status == .partial)
    kit.clock.advance(seconds: 60)
    let once = try kit.result(try await kit.pipeline().process(file))
    #expect(once.ids(.pending) == ["I-2"])
    let again = try await kit.pipeline { $0.dispatch.waitForFinalSeconds = 60 }.process(file)
    let result = try kit.result(again)
    #expect(result.ids(.successful) == ["I-0", "I-1", "I-4"])
    #expect(result.ids(.failed) == ["I-2", "I-3"])
    #expect(result.lines[2].reason?.code.rawValue == "expired")
    #expect(await kit.wallet.submissions(of: "I-2").count == 1)
    #expect(result.succeeded == (await kit.wallet.debited))
  }
}
