import Batch
import Foundation
import Journal
import PartnerKit
import Testing
import Wallet

@testable import Pipeline

@Suite("A result in the outbox")
struct PublicationTests {
  private let kit: PipelineKit
  init() throws { kit = try PipelineKit() }

  private func bytes(_ path: String?) throws -> Data { try Data(contentsOf: URL(filePath: try #require(path))) }

  @Test("is given once for the same file under two names")
  func sameFileTwice() async throws {
    let first = try await kit.pipeline().process(kit.seal(BatchText("B-1", payments(9)), as: "one"))
    let again = try await kit.pipeline().process(kit.seal(BatchText("B-1", payments(9)), as: "two"))
    #expect(again.isRepeated)
    #expect(again.resultPath == first.resultPath)
    #expect(kit.outbox == ["one.result.p7m"])
    #expect(await kit.wallet.submitCount == 9)
  }

  @Test("takes the next number where its name is taken, and overwrites nothing")
  func nameTaken() async throws {
    let first = try await kit.pipeline().process(kit.seal(BatchText("B-1", payments(3)), as: "pay", in: "a"))
    let before = try bytes(first.resultPath)
    let second = try await kit.pipeline()
      .process(kit.seal(BatchText("B-2", payments(3, prefix: "J")), as: "pay", in: "b"))
    #expect(kit.outbox == ["pay.result-2.p7m", "pay.result.p7m"])
    #expect(try bytes(first.resultPath) == before)
    #expect(try kit.result(second).document.header.batchID == "B-2")
  }

  @Test("leaves what took its name between the preparation and a restart as it is")
  func nameTakenAfterPreparation() async throws {
    let journal = InterruptedJournal(kit.journal, at: .publicationPrepared)
    let file = try kit.seal(BatchText("B-1", payments(3)), as: "pay", in: "a")
    await #expect(throws: JournalError.self) { _ = try await kit.pipeline(journal: journal).process(file) }
    let other = try await kit.pipeline()
      .process(kit.seal(BatchText("B-2", payments(3, prefix: "J")), as: "pay", in: "b"))
    let before = try bytes(other.resultPath)
    let report = try await kit.pipeline().process(file)
    #expect(try bytes(other.resultPath) == before)
    #expect(try kit.result(report).document.header.batchID == "B-1")
    #expect(try kit.result(report).document.header.revision == 1)
    #expect(kit.outbox == ["pay.result-2.p7m", "pay.result.p7m"])
  }

  @Test("tells what was pending when it was sealed, and a later revision follows, though a crash came between")
  func interruptedPartial() async throws {
    await kit.wallet.set(.pendForEver, for: "I-1")
    let journal = InterruptedJournal(kit.journal, at: .marking)
    let file = try kit.seal(BatchText("B-1", payments(4)), as: "pay")
    await #expect(throws: JournalError.self) { _ = try await kit.pipeline(journal: journal).process(file) }
    #expect(kit.outbox == ["pay.result.p7m"])
    let first = try bytes("\(kit.directory.path)/outbox/registry/pay.result.p7m")
    await kit.wallet.settlePending()
    let report = try await kit.pipeline().process(file)
    #expect(report.status == .completed)
    let result = try kit.result(report)
    #expect(result.document.header.status == .completed)
    #expect(result.document.header.revision == 2)
    #expect(result.ids(.pending) == [])
    #expect(try bytes("\(kit.directory.path)/outbox/registry/pay.result.p7m") == first)
    #expect(kit.outbox == ["pay.result-2.p7m", "pay.result.p7m"])
  }

  @Test("is the only one after a crash between its place and its mark")
  func interruptedWhole() async throws {
    let journal = InterruptedJournal(kit.journal, at: .marking)
    let file = try kit.seal(BatchText("B-1", payments(4)), as: "pay")
    await #expect(throws: JournalError.self) { _ = try await kit.pipeline(journal: journal).process(file) }
    let first = try bytes("\(kit.directory.path)/outbox/registry/pay.result.p7m")
    let report = try await kit.pipeline().process(file)
    #expect(report.status == .completed)
    #expect(try bytes(report.resultPath) == first)
    #expect(kit.outbox == ["pay.result.p7m"])
  }

  @Test("that the partner took away before a crash was noticed is not told anew under the same revision")
  func takenPartial() async throws {
    await kit.wallet.set(.pendForEver, for: "I-1")
    let journal = InterruptedJournal(kit.journal, at: .marking)
    let file = try kit.seal(BatchText("B-1", payments(4)), as: "pay")
    await #expect(throws: JournalError.self) { _ = try await kit.pipeline(journal: journal).process(file) }
    try FileManager.default.removeItem(atPath: "\(kit.directory.path)/outbox/registry/pay.result.p7m")
    await kit.wallet.settlePending()
    let result = try kit.result(try await kit.pipeline().process(file))
    #expect(result.document.header.revision == 2)
    #expect(result.document.header.status == .completed)
  }

  @Test("that was lost before a crash was noticed is told again under the next revision")
  func lostWhole() async throws {
    let journal = InterruptedJournal(kit.journal, at: .marking)
    let file = try kit.seal(BatchText("B-1", payments(4)), as: "pay")
    await #expect(throws: JournalError.self) { _ = try await kit.pipeline(journal: journal).process(file) }
    let path = "\(kit.directory.path)/outbox/registry/pay.result.p7m"
    let first = try kit.partner.open(path)
    try FileManager.default.removeItem(atPath: path)
    let result = try kit.result(try await kit.pipeline().process(file))
    #expect(result.document.header.revision == 2)
    #expect(result.document.header.summary == first.document.header.summary)
    #expect(result.lines.map(\.reference) == first.lines.map(\.reference))
  }

  @Test("of a rejected file names every error, and nobody is paid")
  func rejected() async throws {
    let batch = BatchText("B-1", payments(3)).with("control", json: #"{"count": 4, "total": "1.00"}"#)
    let report = try await kit.pipeline().process(kit.seal(batch, as: "pay"))
    #expect(report.status == .rejected)
    let result = try kit.result(report)
    #expect(result.document.header.status == .rejected)
    #expect(result.document.problems.map(\.code) == [.controlMismatch, .controlMismatch])
    #expect(result.lines.isEmpty)
    #expect(await kit.wallet.calls == [])
    #expect(kit.outbox == ["pay.result.p7m"])
    // Corrected, it may come again under the same identifiers.
    #expect(try await kit.pipeline().process(kit.seal(BatchText("B-1", payments(3)))).status == .completed)
  }
}
