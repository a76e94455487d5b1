import Batch
import Journal
import PartnerKit
import Synchronization
import Testing
import Wallet

@testable import Pipeline

/// An account mapper that can be taken away, and counts who asks it.
private final class ScriptedMapper: PayeeResolver {
  struct Away: Error {}

  private let payees: [FunctionalID: ResolvedPayee]
  private let counts = Mutex((isAway: false, questions: 0))

  init(_ payees: [String: ResolvedPayee]) {
    self.payees = Dictionary(uniqueKeysWithValues: payees.map { (FunctionalID(rawValue: $0.key), $0.value) })
  }

  func setAway(_ isAway: Bool) { counts.withLock { $0.isAway = isAway } }
  var questions: Int { counts.withLock { $0.questions } }

  func resolve(_ functionalIDs: [FunctionalID]) async throws -> [FunctionalID: ResolvedPayee] {
    let isAway = counts.withLock { counts in
      counts.questions += 1
      return counts.isAway
    }
    if isAway { throw Away() }
    return payees.filter { functionalIDs.contains($0.key) }
  }
}

@Suite("Payments to functional IDs", .timeLimit(.minutes(2)))
struct FunctionalIDTests {
  private let kit: PipelineKit
  init() throws { kit = try PipelineKit() }

  private func pipeline(
    _ mapper: ScriptedMapper, _ configure: (inout Pipeline.Parts) -> Void = { _ in }
  ) throws -> Pipeline {
    try kit.pipeline {
      $0.executors = [TransferExecutor(wallet: kit.wallet, resolver: mapper)]
      configure(&$0)
    }
  }

  private static func mobile(_ number: Int, provider: String? = nil) -> ResolvedPayee {
    .payee(Payee(kind: .msisdn, id: "25078\(1_000_000 + number)"), provider: provider)
  }

  @Test("one payee is never in flight twice, though half of its payments name it by its functional ID")
  func lane() async throws {
    let payees = (0..<12).map { "25078\(1_000_000 + $0)" }
    let mapper = ScriptedMapper(Dictionary(uniqueKeysWithValues: (0..<12).map { ("F-\($0)", Self.mobile($0)) }))
    let lines = (0..<400).map { index -> BatchText.Line in
      let payee = index / 2 % 12
      return index % 2 == 0
        ? .pay("I-\(index)", payees[payee], "100") : .pay("I-\(index)", functionalID: "F-\(payee)", "100")
    }
    await kit.wallet.holdNext()
    let report = try await pipeline(mapper) {
      $0.dispatch.lanes = 4
      $0.dispatch.claimSize = 40
      $0.dispatch.claimsInFlight = 4
    }.process(kit.seal(BatchText("B-1", lines)))
    #expect(report.summary?.succeeded.count == 400)
    #expect(await kit.wallet.mostAtOnceForOnePayee == 1)
    #expect(await kit.wallet.mostCallsAtOnce > 1)
  }

  @Test("each ID that can't be paid fails its own line with its reason")
  func reasons() async throws {
    let mapper = ScriptedMapper([
      "F-0": Self.mobile(0, provider: "MTN"), "F-1": .inactive, "F-2": .noWallet(modality: "00 (bank)"),
    ])
    let lines = (0..<4).map { BatchText.Line.pay("I-\($0)", functionalID: "F-\($0)", "100") }
    let result = try kit.result(try await pipeline(mapper).process(kit.seal(BatchText("B-1", lines))))
    #expect(result.lines.map(\.status) == [.successful, .failed, .failed, .failed])
    #expect(result.lines.map(\.reason?.code) == [nil, .payeeInactive, .payeeNotAllowed, .payeeNotFound])
    #expect(result.lines[2].reason?.message == "no wallet is configured for modality 00 (bank)")
    #expect(await kit.wallet.providers == ["I-0": "MTN"])
    #expect(mapper.questions == 1)
  }

  @Test("a mapper that can't be read leaves the lines unsent, and they are paid when it can be")
  func unreadable() async throws {
    let mapper = ScriptedMapper(["F-0": Self.mobile(0)])
    mapper.setAway(true)
    let file = try kit.seal(BatchText("B-1", [.pay("I-0", functionalID: "F-0", "100")]))
    let error = await #expect(throws: PipelineError.self) { _ = try await pipeline(mapper).process(file) }
    #expect("\(String(describing: error))".contains("account mapper"))
    #expect(await kit.wallet.submitCount == 0)
    mapper.setAway(false)
    #expect(try await pipeline(mapper).process(file).status == .completed)
    #expect(await kit.wallet.debited == 100)
  }

  @Test("a mapper that can't be read holds up only the lines that need it")
  func unreadableForSome() async throws {
    let mapper = ScriptedMapper(["F-0": Self.mobile(0)])
    mapper.setAway(true)
    let lines = [BatchText.Line.pay("I-0", functionalID: "F-0", "100"), .pay("I-1", "250781000009", "50")]
    let file = try kit.seal(BatchText("B-1", lines))
    let first = try await pipeline(mapper).process(file)
    #expect(try kit.result(first).lines.map(\.status) == [.pending, .successful])
    mapper.setAway(false)
    let second = try await pipeline(mapper).process(file)
    #expect(try kit.result(second).lines.map(\.status) == [.successful, .successful])
    #expect(await kit.wallet.debited == 150)
  }

  @Test("what is in doubt is asked for without the mapper")
  func enquiry() async throws {
    let mapper = ScriptedMapper(["F-0": Self.mobile(0)])
    await kit.wallet.set(.settleInDoubt, for: "I-0")
    let file = try kit.seal(BatchText("B-1", [.pay("I-0", functionalID: "F-0", "100")]))
    #expect(try await pipeline(mapper).process(file).status == .partial)
    mapper.setAway(true)
    #expect(try await pipeline(mapper).process(file).status == .completed)
    #expect(mapper.questions == 1)
  }

  @Test("a batch without functional IDs does not ask the mapper")
  func notAsked() async throws {
    let mapper = ScriptedMapper([:])
    mapper.setAway(true)
    #expect(try await pipeline(mapper).process(kit.seal(BatchText("B-1", payments(20)))).status == .completed)
    #expect(mapper.questions == 0)
  }

  @Test("an ID that only looks the same is another")
  func exactBytes() async throws {
    // The Kelvin sign is canonically the letter K.
    let mapper = ScriptedMapper(["K-1": Self.mobile(0)])
    let lines = [BatchText.Line.pay("I-0", functionalID: "K-1", "100"), .pay("I-1", functionalID: "\u{212A}-1", "100")]
    let result = try kit.result(try await pipeline(mapper).process(kit.seal(BatchText("B-1", lines))))
    #expect(result.lines.map(\.status) == [.successful, .failed])
  }
}
