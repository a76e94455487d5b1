import Batch
import Glibc
import LedgerWallet
import Storage
import TestKit
import Testing
import Wallet

@testable import Vouchers

@Suite("Vouchers after a crash")
struct VoucherCrashTests {
  static let points: [CrashPoint] = [
    .voucherDrawBeforeCommit, .voucherDrawn, .ledgerPostBeforeCommit, .ledgerPostCommitted, .voucherReserved,
    .voucherActivateBeforeCommit, .voucherActivated, .voucherIndexBeforeCommit,
  ]

  @Test("the same orders again leave each payee with one voucher, paid for once", arguments: points)
  func issuedAgain(after point: CrashPoint) async throws {
    let kit = try await VoucherKit()
    try await Self.killIssuing(in: kit.directory.path, at: point)
    let (ledger, store, issuer) = try await kit.reopened()
    let orders = (1...20).map { kit.order($0) }
    #expect(await issuer.issue(orders).allSatisfy { $0.isSettled })
    let vouchers = try await issuer.vouchers(for: orders.map(\.reference)).compactMap(\.self)
    #expect(Set(vouchers.map(\.voucherNumber)).count == 20)
    #expect(try await ledger.balance(of: "registry", in: kit.rwf) == kit.francs(998_000))
    #expect(try await store.group("FOOD").issuedCount == 20)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("a question finishes what was paid for, and knows nothing of what was not", arguments: points)
  func asked(after point: CrashPoint) async throws {
    let kit = try await VoucherKit()
    try await Self.killIssuing(in: kit.directory.path, at: point)
    let (ledger, _, issuer) = try await kit.reopened()
    let references = (1...20).map { reference($0) }
    let isPaid = ![.voucherDrawBeforeCommit, .voucherDrawn, .ledgerPostBeforeCommit].contains(point)
    let answers = await issuer.status(of: references)
    #expect(answers.map(\.isSettled) == Array(repeating: isPaid, count: 20))
    #expect(isPaid || answers.allSatisfy { $0 == .unknown })
    #expect(try await issuer.vouchers(for: references).allSatisfy { ($0 != nil) == isPaid })
    #expect(try await ledger.balance(of: "registry", in: kit.rwf) == kit.francs(isPaid ? 998_000 : 1_000_000))
    // The answer stays what it is.
    #expect(await issuer.status(of: references) == answers)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("orders that the disk has no room for are not sent, and are issued once there is room")
  func fullDisk() async throws {
    let kit = try await VoucherKit()
    await #expect(processExitsWith: .success) { [directory = kit.directory.path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let clock = StillClock()
      let ledger = try LedgerWallet(path: directory + "/ledger.sqlite", clock: clock)
      let store = try await VoucherKit.open(directory, clock: clock)
      var limit = rlimit(rlim_cur: 128 * 1_024, rlim_max: 128 * 1_024)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let outcomes = await VoucherIssuer(store: store, float: ledger).issue(try Self.orders(2_000))
      #expect(outcomes.allSatisfy { $0.isNotSent })
    }
    let (ledger, _, issuer) = try await kit.reopened()
    #expect(try await ledger.balance(of: "registry", in: kit.rwf) == kit.francs(1_000_000))
    #expect(await issuer.issue(try Self.orders(2_000)).allSatisfy { $0.isSettled })
    try await kit.expectFloatEqualsVouchers()
  }

  static func orders(_ count: UInt64) throws -> [VoucherOrder] {
    let rwf = try #require(Currency(code: "RWF"))
    return (1...count).map { number in
      VoucherOrder(
        reference: reference(number), partner: "registry", request: VoucherRequest(groupCode: "FOOD"),
        amount: Money(minorUnits: 100, currency: rwf))
    }
  }

  /// Issues twenty vouchers in a process that is killed at `point`.
  static func killIssuing(in directory: String, at point: CrashPoint) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [directory, name = point.rawValue as String] in
      setenv("DISBURSE_CRASH_AT", name, 1)
      let clock = StillClock()
      let ledger = try LedgerWallet(path: directory + "/ledger.sqlite", clock: clock)
      let store = try await VoucherKit.open(directory, clock: clock, mergeStep: 10)
      _ = await VoucherIssuer(store: store, float: ledger).issue(try Self.orders(20))
    }
  }
}
