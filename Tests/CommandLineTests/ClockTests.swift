import Batch
import Journal
import Pipeline
import Station
import Synchronization
import TestKit
import Testing

/// A clock that a test sets.
final class TestClock: WallClock {
  private let instant: Mutex<Timestamp>

  init(_ text: String) throws { instant = Mutex(try #require(Timestamp(rfc3339: text))) }

  func now() -> Timestamp { instant.withLock { $0 } }

  func set(_ text: String) throws {
    let timestamp = try #require(Timestamp(rfc3339: text))
    instant.withLock { $0 = timestamp }
  }
}

@Suite("A clock that is set back") struct ClockTests {
  /// A home whose partner signs with a certificate that holds for all times of these tests.
  private func home() throws -> (home: TestHome, sign: (BatchDocument) throws -> String) {
    let home = try TestHome()
    let key = try PartnerKey(
      "lasting", for: .signature, in: home.directory, validity: ("20200101000000Z", "20900101000000Z"))
    let receiver = try PartnerKey(
      "receiver", for: .agreement, in: home.directory, validity: ("20200101000000Z", "20900101000000Z"))
    try home.update("--signing-cert", key.certificate, "--encryption-cert", receiver.certificate)
    return (home, { try home.sealed($0, by: [key]) })
  }

  private func today(plusHours hours: Int64) -> String {
    Timestamp(millisecondsSinceEpoch: SystemClock().now().millisecondsSinceEpoch + hours * 3_600_000).rfc3339
  }

  @Test("a batch that was killed in its midst is ended on an earlier day, and each is paid once") func resumed()
    async throws
  {
    let (home, sign) = try home()
    let file = try sign(.payments("B-1", Array(repeating: 10, count: 300)))
    let killed = try home.process(
      file, environment: ["DISBURSE_CRASH_AT": "ledger.post.committed", "DISBURSE_DISPATCH_CLAIM_SIZE": "64"])
    #expect(killed.status == 128 + 9)
    let clock = try TestClock(today(plusHours: -20))
    let report = try await Station(openingHomeAt: home.path, clock: clock).processor().process(file)
    #expect(report.status == .completed)
    #expect(report.summary?.succeeded.count == 300)
    #expect(try home.balance() == TestHome.funded - 3_000)
    #expect(try home.received(BatchDocument.payee(299)) == 10)
  }

  @Test("batches on both sides of the jump are answered, told apart and listed by what came last") func betweenBatches()
    async throws
  {
    let (home, sign) = try home()
    let clock = try TestClock(today(plusHours: 20))
    let station = try await Station(openingHomeAt: home.path, clock: clock)
    let first = try sign(.payments("B-1", [100]))
    #expect(try await station.processor().process(first).status == .completed)
    try clock.set(today(plusHours: -20))
    #expect(try await station.processor().process(sign(.payments("B-2", [100]))).status == .completed)
    let again = try await station.processor().process(first)
    #expect(again.isRepeated)
    #expect(try home.balance() == TestHome.funded - 200)
    let list = try home.report(["batch", "list"]).json["batches"].elements
    #expect(list.map(\.["batchID"].text) == ["B-2", "B-1"])
  }

  @Test("a batch that waited for its time waits again when the clock goes back before it, and is paid once")
  func waiting()
    async throws
  {
    let (home, sign) = try home()
    let clock = try TestClock(today(plusHours: -2))
    let file = try sign(
      BatchDocument.payments("B-1", [100]).with("executeAt", "\"\(today(plusHours: -1))\""))
    let station = try await Station(openingHomeAt: home.path, clock: clock)
    await #expect(throws: (any Error).self) { try await station.processor().process(file) }
    #expect(try home.balance() == TestHome.funded)
    try clock.set(today(plusHours: 0))
    #expect(try await station.processor().process(file).status == .completed)
    try clock.set(today(plusHours: -3))
    #expect(try await station.processor().process(file).isRepeated)
    #expect(try home.balance() == TestHome.funded - 100)
  }

  @Test("a batch that was begun is ended although its signer's certificate has ended since") func signerEnded()
    async throws
  {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 300)))
    let killed = try home.process(
      file, environment: ["DISBURSE_CRASH_AT": "ledger.post.committed", "DISBURSE_DISPATCH_CLAIM_SIZE": "64"])
    #expect(killed.status == 128 + 9)
    let station = try await Station(openingHomeAt: home.path, clock: TestClock("2080-01-01T00:00:00Z"))
    #expect(try await station.processor().process(file).status == .completed)
    #expect(try await station.processor().process(file).isRepeated)
    #expect(try home.balance() == TestHome.funded - 3_000)
    let new = try await station.processor().process(home.sealed(.payments("B-2", [100])))
    #expect(new.rejection?.code == .signerExpired)
  }
}
