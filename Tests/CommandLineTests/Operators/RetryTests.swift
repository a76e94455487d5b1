import Batch
import Journal
import Pipeline
import Station
import TestKit
import Testing

/// A clock that stands at a distance from the system's.
struct ShiftedClock: WallClock {
  let hours: Int64

  func now() -> Timestamp {
    Timestamp(millisecondsSinceEpoch: SystemClock().now().millisecondsSinceEpoch + hours * 3_600_000)
  }
}

@Suite("Instructions that are tried again", .enabled(if: Login.canBePlayed)) struct RetryTests {
  /// A batch that is answered with a line that the wallet rejected, one that was refused, and two that were paid.
  private func answered(_ options: String...) throws -> (home: TestHome, file: String) {
    let home = try TestHome()
    try home.addOperators()
    try home.expectSuccess(["partner", "update", TestHome.partner, "--max-instruction", "1000RWF"] + options)
    try home.open(0, state: "inactive")
    let file = try home.sealed(.payments("B-1", [100, 2_000, 300, 400]))
    let report = try home.process(file)
    #expect(report.status == 2, "\(report)")
    return (home, file)
  }

  @Test("are those that the wallet rejected, the others are told as passed over") func all() throws {
    let (home, file) = try answered()
    let order = try home.order(["retry", "B-1", "--note", "opened"])
    #expect(order.status == 0, "\(order)")
    let told = try order.json
    #expect(told["retried"].text == "1")
    #expect(told["refusedAtAdmission"].text == "1")
    #expect(told["withoutFinalAnswer"].text == "0")
    #expect(told["batch"]["orderedBy"].text == "operator alice")
    try home.set(0, state: "active")
    let report = try home.process(file)
    #expect(report.status == 2, "\(report)")
    let result = try home.result(of: report)
    #expect(result["revision"].text == "2")
    #expect(
      result["results"].elements.map(\.["status"].text) == ["SUCCESSFUL", "FAILED", "SUCCESSFUL", "SUCCESSFUL"])
    #expect(try home.balance() == TestHome.funded - 800)
    #expect(try home.received(BatchDocument.payee(2)) == 300)
    let nothing = try home.order(["retry", "B-1", "--note", "once more"])
    #expect(nothing.status == 64, "\(nothing)")
    #expect(nothing.stderr.contains("1 were refused before anything was sent"), "\(nothing)")
  }

  @Test("wait for their release where the partner's batches do, by another than who ordered them") func released()
    throws
  {
    let (home, file) = try answered()
    try home.update("--require-release")
    try home.set(0, state: "active")
    #expect(try home.order(["retry", "B-1", "--note", "opened"]).status == 0)
    #expect(try home.batch()["hold"]["cause"].text == "awaiting-release")
    #expect(try home.process(file).status == 69)
    let own = try home.order(["approve", "B-1"])
    #expect(own.status == 77, "\(own)")
    #expect(own.stderr.contains("ordered the retry"), "\(own)")
    #expect(try home.order(["approve", "B-1"], as: Login.bob).status == 0)
    #expect(try home.process(file).status == 2)
    #expect(try home.balance() == TestHome.funded - 800)
    #expect(try home.batch()["approvals"][0]["round"].text == "2")
  }

  @Test(
    "are named one by one, and each that can't be tried again says why",
    arguments: [
      ("B-1-1", "amount-over-limit"), ("B-1-2", "has succeeded"), ("B-1-9", "has no instruction B-1-9"),
    ])
  func named(instruction: String, reason: String) throws {
    let (home, _) = try answered()
    let order = try home.order(["retry", "B-1", "--instruction", instruction, "--note", "why"])
    #expect(order.status == 64, "\(order)")
    #expect(order.stderr.contains(reason), "\(order)")
    let both = try home.order(["retry", "B-1", "--instruction", "B-1-0", "--instruction", instruction, "--note", "why"])
    #expect(both.status == 64, "\(both)")
    #expect(try home.batch()["round"].text == "1")
    let good = try home.order(["retry", "B-1", "--instruction", "B-1-0", "--note", "why"])
    #expect(try good.json["retried"].text == "1", "\(good)")
  }

  @Test("are none of a batch that has ended, which says so") func expired() async throws {
    let home = try TestHome()
    try home.open(0, state: "inactive")
    let end = ShiftedClock(hours: 1).now().rfc3339
    let file = try home.sealed(BatchDocument.payments("B-1", [100]).with("expiresAt", "\"\(end)\""))
    #expect(try home.process(file).status == 2)
    let station = try await Station(openingHomeAt: home.path, clock: ShiftedClock(hours: 2))
    let error = await #expect(throws: StationError.self) {
      _ = try await station.carryOut(.retry(instructions: [], note: "late"), on: "B-1", partner: nil)
    }
    #expect("\(try #require(error))".contains("has ended at \(end)"))
  }

  @Test("are none that is in doubt, which says what to do, and can be settled by hand") func inDoubt() async throws {
    let (home, _) = try answered()
    try await home.enterDoubt("B-2", "D-1")
    let named = try home.order(["retry", "B-2", "--instruction", "D-1", "--note", "again"])
    #expect(named.status == 64, "\(named)")
    #expect(named.stderr.contains("resolve") && named.stderr.contains("disburse batch settle"), "\(named)")
    let all = try home.order(["retry", "B-2", "--note", "again"])
    #expect(all.status == 64, "\(all)")
    #expect(all.stderr.contains("1 have no final answer"), "\(all)")
    let settled = try home.order(["settle", "B-2", "--instruction", "D-1", "--note", "cash"])
    #expect(settled.status == 0, "\(settled)")
    #expect(try settled.json["batch"]["summary"]["settledByHand"]["amounts"]["RWF"].text == "70")
  }

  @Test("wait while another process works on the batch, which says what to do") func busy() throws {
    let (home, _) = try answered()
    let lock = try LockDirectory(path: "\(home.path)/locks").batch("B-1", of: TestHome.partner)
    try withExtendedLifetime(lock) {
      for words in [["retry", "B-1"], ["settle", "B-1", "--instruction", "B-1-0"]] {
        let order = try home.order(words + ["--note", "now"])
        #expect(order.status == 69, "\(order)")
        #expect(try order.json["error"]["code"].text == "busy")
        #expect(order.stderr.contains("disburse batch hold"), "\(order)")
      }
    }
  }
}

extension TestHome {
  /// Enters an answered batch with one line of 70 RWF whose fate nobody knows: the embedded ledger always knows.
  func enterDoubt(_ batchID: String, _ instructionID: String) async throws {
    let journal = try SQLiteJournal(path: "\(path)/journal.sqlite")
    let now = SystemClock().now()
    let header = BatchHeader(batchID: batchID, sourceBBID: Self.partner, kind: .credit)
    guard case .new(let batch) = try await journal.open(header, from: Self.partner, file: "d.p7m", at: now) else {
      return
    }
    let amount = Money(minorUnits: 70, currency: try #require(Currency(code: "RWF")))
    _ = try await journal.append(
      [
        Instruction(
          position: 0, instructionID: instructionID, order: .credit(Payee(kind: .msisdn, id: BatchDocument.payee(5))),
          amount: amount, narration: nil, refusal: nil)
      ], to: batch)
    try await journal.admit(
      batch,
      as: AdmittedBatch(header: header, contentDigest: [1], processor: "treasury-disburse", unknownMemberCount: 0),
      at: now)
    _ = try await journal.claim(1, of: batch, for: ClaimOwner(rawValue: "gone"), at: now)
    try await journal.expireClaims(of: batch, except: ClaimOwner(rawValue: "next"), at: now)
    try await journal.preparePublication(Publication(revision: 1, path: "x", digest: [1]), of: batch)
    try await journal.markPublished(batch, revision: 1, at: now)
  }
}
