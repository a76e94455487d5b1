import Batch
import LedgerWallet
import Synchronization
import Testing
import Wallet

@testable import Vouchers

@Suite("The voucher issuer")
struct VoucherIssuerTests {
  @Test("issues one active voucher for each order, with its money in the float")
  func issues() async throws {
    let kit = try await VoucherKit()
    let orders = (1...50).map { kit.order($0, worth: Int64($0)) }
    let outcomes = await kit.issuer.issue(orders)
    #expect(outcomes.allSatisfy { $0.isSettled })
    let vouchers = try await kit.issuer.vouchers(for: orders.map(\.reference)).compactMap(\.self)
    #expect(Set(vouchers.map(\.voucherNumber)).count == 50)
    #expect(Set(vouchers.map(\.serialNumber)).count == 50)
    #expect(vouchers.allSatisfy { VoucherNumber($0.voucherNumber) != nil && SerialNumber($0.serialNumber) != nil })
    let expiry = kit.clock.now().millisecondsSinceEpoch + 90 * 86_400_000
    #expect(vouchers.allSatisfy { $0.expiryDate.millisecondsSinceEpoch == expiry && $0.groupCode == "FOOD" })
    #expect(try await kit.funds() == 1_000_000 - 50 * 51 / 2)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("answers a known reference as the first time, with the same voucher")
  func once() async throws {
    let kit = try await VoucherKit()
    let first = await kit.issuer.issue([kit.order(1)])
    let voucher = try await kit.issuer.vouchers(for: [reference(1)])[0]
    kit.clock.advance()
    let (_, _, issuer) = try await kit.reopened()
    #expect(await issuer.issue([kit.order(1), kit.order(1)]) == [first[0], first[0]])
    #expect(await issuer.status(of: [reference(1), reference(2)]).map(\.isSettled) == [true, false])
    let again = try await issuer.vouchers(for: [reference(1)])[0]
    #expect(again?.voucherNumber == voucher?.voucherNumber && again?.expiryDate == voucher?.expiryDate)
    #expect(try await kit.funds() == 999_900)
  }

  @Test("answers a question as it answered the order")
  func status() async throws {
    let kit = try await VoucherKit()
    guard case .settled(let settlement) = await kit.issuer.issue([kit.order(1)])[0] else {
      Issue.record("not settled")
      return
    }
    kit.clock.advance()
    #expect(await kit.issuer.status(of: [reference(9), reference(1)]) == [.unknown, .settled(settlement)])
  }

  @Test("issues one voucher when one call names a reference twice")
  func twiceInACall() async throws {
    let kit = try await VoucherKit()
    let outcomes = await kit.issuer.issue([kit.order(1), kit.order(1), kit.order(2)])
    #expect(outcomes.allSatisfy { $0.isSettled } && outcomes[0] == outcomes[1])
    #expect(try await kit.funds() == 999_800)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("is in doubt about a known reference with other terms, and issues nothing")
  func collision() async throws {
    let kit = try await VoucherKit()
    try await kit.store.addGroup(VoucherGroup(code: "CASH", expiresAfterDays: 30))
    _ = await kit.issuer.issue([kit.order(1, payee: "A")])
    let outcomes = await kit.issuer.issue([
      kit.order(1, worth: 101, payee: "A"), kit.order(1, group: "CASH", payee: "A"), kit.order(1, payee: "B"),
      kit.order(1, payee: "A", from: "other"), kit.order(1, worth: 0, payee: "A"),
    ])
    #expect(outcomes.map(\.isInDoubt) == Array(repeating: true, count: 5))
    #expect(try await kit.funds() == 999_900)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("refuses an unknown group and an amount that is none")
  func refused() async throws {
    let kit = try await VoucherKit()
    let outcomes = await kit.issuer.issue([kit.order(1, group: "NONE"), kit.order(2, worth: 0), kit.order(3)])
    #expect(outcomes.map(\.reasonCode) == [.voucherGroupUnknown, .invalidAmount, nil])
    #expect(await kit.issuer.status(of: [reference(1)]) == [.unknown])
  }

  @Test("leaves nothing of an order that the partner can't pay, and issues it once there is money")
  func insufficient() async throws {
    let kit = try await VoucherKit(funds: 250)
    let outcomes = await kit.issuer.issue([kit.order(1), kit.order(2), kit.order(3)])
    #expect(outcomes.map(\.reasonCode) == [nil, nil, .insufficientFunds])
    #expect(try await kit.issuer.vouchers(for: [reference(3)])[0] == nil)
    #expect(await kit.issuer.status(of: [reference(3)]) == [.unknown])
    try await kit.ledger.fund("registry", with: kit.francs(50), reference: TransferReference(high: 1, low: 2))
    #expect(await kit.issuer.issue([kit.order(3)]).map(\.isSettled) == [true])
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("issues each order once when the same orders come from many lanes at the same time")
  func lanes() async throws {
    let kit = try await VoucherKit(mergeStep: 64)
    await withTaskGroup(of: Void.self) { group in
      for lane in 0..<6 {
        group.addTask {
          for round in 0..<5 {
            let first = UInt64(lane / 2 * 1_000 + round * 30)
            let outcomes = await kit.issuer.issue((1...30).map { kit.order(first + $0) })
            #expect(outcomes.allSatisfy { $0.isSettled })
          }
        }
      }
    }
    #expect(try await kit.funds() == 1_000_000 - 3 * 5 * 30 * 100)
    #expect(try await kit.store.group("FOOD").issuedCount == 3 * 5 * 30)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("gives no voucher before its money is certain, and finishes when it is asked for")
  func uncertainFloat() async throws {
    let kit = try await VoucherKit()
    let float = ScriptedFloat()
    let issuer = VoucherIssuer(store: kit.store, float: float)
    float.script([.inDoubt("no answer"), .accepted, .notSent("busy")])
    let outcomes = await issuer.issue([kit.order(1), kit.order(2), kit.order(3)])
    #expect(outcomes == [.inDoubt("no answer"), .accepted, .notSent("busy")])
    #expect(try await issuer.vouchers(for: [reference(1), reference(2), reference(3)]).allSatisfy { $0 == nil })
    #expect(try await kit.store.liveTotals().isEmpty)
    float.answer([.inDoubt("still none"), .pending, .unknown])
    #expect(
      await issuer.status(of: [reference(1), reference(2), reference(3)])
        == [.inDoubt("still none"), .pending, .unknown])
    let settlement = Settlement(financialTransactionID: "7", completedAt: kit.clock.now())
    let reason = Reason(.insufficientFunds, "no money")
    float.answer([.settled(settlement), .rejected(reason), .unknown])
    #expect(
      await issuer.status(of: [reference(1), reference(2), reference(3)])
        == [.settled(settlement), .rejected(reason), .unknown])
    #expect(
      try await issuer.vouchers(for: [reference(1), reference(2), reference(3)]).map { $0 != nil }
        == [true, false, false])
    #expect(try await kit.store.liveTotals() == ["registry": [kit.francs(100)]])
  }

  @Test("activates no voucher a second time, alone or in a run", arguments: [1, 3])
  func activatedOnce(count: Int64) async throws {
    let kit = try await VoucherKit()
    let references = (1...UInt64(count)).map { reference($0) }
    let first = await kit.issuer.issue((1...UInt64(count)).map { kit.order($0) })
    let expiry = try await kit.issuer.vouchers(for: references).map { $0?.expiryDate }
    kit.clock.advance()
    // What a slower caller brings that asked the float for the same orders.
    let late = zip(references, first).enumerated().map { place, money in
      VoucherMoney(
        sequence: Int64(place + 1), reference: money.0, groupCode: "FOOD", outcome: money.1)
    }
    let outcomes = try await kit.store.write { [now = kit.clock.now()] db, _, _, index in
      var activation = try VoucherActivation(db, index: index, at: now)
      return try activation.settle(late)
    }
    #expect(outcomes == first)
    #expect(try await kit.issuer.vouchers(for: references).map { $0?.expiryDate } == expiry)
  }

  @Test("is in doubt when the wallet and the vouchers tell different stories")
  func disagreement() async throws {
    let kit = try await VoucherKit()
    _ = await kit.issuer.issue([kit.order(1)])
    let float = ScriptedFloat()
    let issuer = VoucherIssuer(store: kit.store, float: float)
    float.answer([.unknown, .settled(Settlement(financialTransactionID: "7", completedAt: kit.clock.now()))])
    #expect(await issuer.status(of: [reference(1), reference(2)]).map(\.isInDoubt) == [true, true])
  }
}

/// A float that answers what it was told to.
final class ScriptedFloat: VoucherFloat {
  private let outcomes = Mutex<[SubmitOutcome]>([])
  private let answers = Mutex<[StatusOutcome]>([])

  func script(_ outcomes: [SubmitOutcome]) { self.outcomes.withLock { $0 = outcomes } }
  func answer(_ answers: [StatusOutcome]) { self.answers.withLock { $0 = answers } }

  func reserve(_ movements: [FloatMovement]) async -> [SubmitOutcome] { outcomes.withLock { $0 } }
  func release(_ movements: [FloatMovement]) async -> [SubmitOutcome] { outcomes.withLock { $0 } }
  func payOut(_ movement: FloatMovement, to payee: Payee) async -> SubmitOutcome { .inDoubt("not in the script") }
  func status(of references: [TransferReference]) async -> [StatusOutcome] { answers.withLock { $0 } }
}
