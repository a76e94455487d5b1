import Batch
import Envelope
import Journal
import PartnerKit
import Testing
import Wallet

@testable import Pipeline

@Suite("The pipeline over a wallet that keeps its own books")
struct OutcomeTests {
  private let kit: PipelineKit
  init() throws { kit = try PipelineKit() }

  @Test("reports as successful exactly what the wallet debited")
  func sums() async throws {
    for id in ["I-3", "I-17", "I-18", "I-59"] { await kit.wallet.set(.reject(.payeeInactive), for: id) }
    var lines = payments(60)
    lines[5].amount = "10.50"
    lines[6].amount = "-1"
    let report = try await kit.pipeline().process(kit.seal(BatchText("B-1", lines)))
    let result = try kit.result(report)
    #expect(result.lines.map(\.instructionID) == (0..<60).map { "I-\($0)" })
    #expect(result.ids(.failed) == ["I-3", "I-5", "I-6", "I-17", "I-18", "I-59"])
    #expect(result.ids(.pending) == [])
    #expect(result.succeeded == (await kit.wallet.debited))
    let francs = try #require(Currency(code: "RWF"))
    #expect(result.document.header.summary.amounts[francs]?.succeeded == (await kit.wallet.debited))
    #expect(result.signers == [kit.processor.signing.certificate])
  }

  @Test("carries the wallet's reason of a refusal into the line")
  func reasons() async throws {
    await kit.wallet.set(.reject(.payeeNotAllowed), for: "I-1")
    await kit.wallet.set(.reject(ReasonCode(rawValue: "SENDER_ACCOUNT_NOT_ACTIVE")), for: "I-2")
    let result = try kit.result(try await kit.pipeline().process(kit.seal(BatchText("B-1", payments(4)))))
    #expect(result.lines[1].reason?.code == .payeeNotAllowed)
    #expect(result.lines[2].reason?.code.rawValue == "SENDER_ACCOUNT_NOT_ACTIVE")
    #expect(result.lines[0].reason == nil)
  }

  @Test("asks for what is in doubt and finds it settled, and never sends it again")
  func doubtSettled() async throws {
    await kit.wallet.set(.settleInDoubt, for: "I-4")
    let file = try kit.seal(BatchText("B-1", payments(10)))
    let first = try await kit.pipeline().process(file)
    #expect(first.status == .partial)
    #expect(try kit.result(first).ids(.pending) == ["I-4"])
    let second = try await kit.pipeline().process(file)
    #expect(second.status == .completed)
    #expect(try kit.result(second).ids(.successful).count == 10)
    #expect(await kit.wallet.submissions(of: "I-4").count == 1)
    #expect(try kit.result(second).succeeded == (await kit.wallet.debited))
  }

  @Test("asks for what is in doubt and finds it refused")
  func doubtRejected() async throws {
    await kit.wallet.set(.rejectInDoubt(.payeeInactive), for: "I-4")
    let file = try kit.seal(BatchText("B-1", payments(10)))
    _ = try await kit.pipeline().process(file)
    let result = try kit.result(try await kit.pipeline().process(file))
    #expect(result.ids(.failed) == ["I-4"])
    #expect(result.lines[4].reason?.code == .payeeInactive)
    #expect(await kit.wallet.submissions(of: "I-4").count == 1)
  }

  @Test("sends again what the wallet has never heard of, under the same reference")
  func doubtUnknown() async throws {
    await kit.wallet.set(.loseFirst, for: "I-4")
    let file = try kit.seal(BatchText("B-1", payments(10)))
    _ = try await kit.pipeline().process(file)
    let result = try kit.result(try await kit.pipeline().process(file))
    #expect(result.ids(.successful).count == 10)
    let references = await kit.wallet.submissions(of: "I-4")
    #expect(references.count == 2)
    #expect(Set(references).count == 1)
    let calls = await kit.wallet.calls
    let asked = try #require(calls.firstIndex(of: .status(references[0])))
    let resent = try #require(calls.lastIndex(of: .submit(references[0], "I-4")))
    #expect(asked < resent)
  }

  @Test("asks again by itself while the batch waits for its last answers")
  func waits() async throws {
    await kit.wallet.set(.accept(asks: 0), for: "I-1")
    await kit.wallet.set(.settleInDoubt, for: "I-2")
    await kit.wallet.set(.loseFirst, for: "I-3")
    let report = try await kit.pipeline { $0.dispatch.waitForFinalSeconds = 60 }
      .process(kit.seal(BatchText("B-1", payments(8))))
    #expect(report.status == .completed)
    #expect(try kit.result(report).ids(.successful).count == 8)
    #expect(await kit.wallet.referencesByInstruction.values.allSatisfy { $0.count == 1 })
  }

  @Test("reports what was only accepted as pending, until it is settled")
  func accepted() async throws {
    await kit.wallet.setStandard(.accept(asks: 1))
    let file = try kit.seal(BatchText("B-1", payments(5)))
    #expect(try kit.result(try await kit.pipeline().process(file)).ids(.pending).count == 5)
    #expect(try kit.result(try await kit.pipeline().process(file)).ids(.pending).count == 5)
    #expect(try kit.result(try await kit.pipeline().process(file)).ids(.successful).count == 5)
    #expect(await kit.wallet.submitCount == 5)
  }

  @Test("pays nobody and can go on when the wallet can't be reached")
  func unreachable() async throws {
    await kit.wallet.setStandard(.unreachable)
    let file = try kit.seal(BatchText("B-1", payments(40)))
    let pipeline = try kit.pipeline()
    let error = await #expect(throws: PipelineError.self) { _ = try await pipeline.process(file) }
    guard case .walletUnavailable("B-1", _)? = error else {
      Issue.record("\(String(describing: error)) is not walletUnavailable")
      return
    }
    #expect(await kit.wallet.debited == 0)
    #expect(kit.outbox == [])
    await kit.wallet.setStandard(.settle)
    let report = try await pipeline.process(file)
    #expect(report.status == .completed)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
    for id in (0..<40).map({ "I-\($0)" }) { #expect(Set(await kit.wallet.submissions(of: id)).count == 1) }
  }

  @Test("goes on with the others when the wallet can't be reached for some")
  func partlyUnreachable() async throws {
    await kit.wallet.set(.unreachable, for: "I-2")
    let file = try kit.seal(BatchText("B-1", payments(20)))
    #expect(try kit.result(try await kit.pipeline().process(file)).ids(.pending) == ["I-2"])
    await kit.wallet.set(.settle, for: "I-2")
    let report = try await kit.pipeline().process(file)
    #expect(report.status == .completed)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
  }

  @Test("asks, in the same process, for what it could not write down, and sends nothing twice")
  func recordingFails() async throws {
    let journal = InterruptedJournal(kit.journal, at: .recording)
    let pipeline = try kit.pipeline(journal: journal)
    let file = try kit.seal(BatchText("B-1", payments(30)))
    await #expect(throws: JournalError.self) { _ = try await pipeline.process(file) }
    let report = try await pipeline.process(file)
    #expect(report.status == .completed)
    #expect(try kit.result(report).ids(.successful).count == 30)
    #expect(await kit.wallet.submitCount == 30)
    #expect(try kit.result(report).succeeded == (await kit.wallet.debited))
  }
}
