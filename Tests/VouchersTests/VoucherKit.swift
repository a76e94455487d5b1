import Batch
import Glibc
import LedgerWallet
import Synchronization
import TestKit
import Testing
import Wallet

@testable import Vouchers

/// A clock that a test moves.
final class StillClock: WallClock {
  private let milliseconds = Mutex<Int64>(1_790_000_000_000)
  func now() -> Timestamp { Timestamp(millisecondsSinceEpoch: milliseconds.withLock { $0 }) }
  func advance() { milliseconds.withLock { $0 += 86_400_000 } }
}

/// A ledger and vouchers in a directory of their own, with money for the partner "registry" and a group "FOOD".
struct VoucherKit {
  let directory: TemporaryDirectory
  let clock = StillClock()
  let rwf: Currency
  let ledger: LedgerWallet
  let store: VoucherStore
  let issuer: VoucherIssuer

  init(funds: Int64 = 1_000_000, capacity: Int? = nil, mergeStep: Int = 1_000) async throws {
    directory = try TemporaryDirectory()
    rwf = try #require(Currency(code: "RWF"))
    ledger = try LedgerWallet(path: directory.path + "/ledger.sqlite", clock: clock)
    try await ledger.fund(
      "registry", with: Money(minorUnits: funds, currency: rwf), reference: TransferReference(high: 1, low: 1))
    try VoucherVault.createKey(at: directory.path + "/vault.key")
    store = try await Self.open(directory.path, clock: clock, mergeStep: mergeStep)
    try await store.addGroup(VoucherGroup(code: "FOOD", expiresAfterDays: 90, capacity: capacity))
    issuer = VoucherIssuer(store: store, float: ledger)
  }

  static func open(
    _ directory: String, clock: any WallClock, mergeStep: Int = 1_000,
    source: @escaping @Sendable () -> any VoucherNumberSource = { VoucherNumberGenerator() }
  ) async throws -> VoucherStore {
    try await VoucherStore(
      path: directory + "/vouchers.sqlite", vault: VoucherVault(keyFile: directory + "/vault.key"), clock: clock,
      mergeStep: mergeStep, makeSource: source)
  }

  /// The same ledger and vouchers, opened by another owner.
  func reopened(mergeStep: Int = 1_000) async throws -> (ledger: LedgerWallet, store: VoucherStore, VoucherIssuer) {
    let ledger = try LedgerWallet(path: directory.path + "/ledger.sqlite", clock: clock)
    let store = try await Self.open(directory.path, clock: clock, mergeStep: mergeStep)
    return (ledger, store, VoucherIssuer(store: store, float: ledger))
  }

  func francs(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: rwf) }

  func order(
    _ number: UInt64, worth amount: Int64 = 100, group: String = "FOOD", payee: String? = nil, serial: String? = nil,
    from partner: String = "registry"
  ) -> VoucherOrder {
    VoucherOrder(
      reference: reference(number), partner: partner,
      request: VoucherRequest(groupCode: group, payeeFunctionalID: payee, serialNumber: serial), amount: francs(amount))
  }

  func funds() async throws -> Int64 { try await ledger.balance(of: "registry", in: rwf).minorUnits }

  /// Expects the float to hold what the live vouchers are worth, and the books to be sound.
  func expectFloatEqualsVouchers(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let live = try await store.liveTotals()["registry"] ?? []
    let float = try await ledger.voucherFloats(of: "registry").filter { $0.minorUnits != 0 }
    #expect(live == float, sourceLocation: sourceLocation)
    #expect(try await ledger.verify().discrepancies == [], sourceLocation: sourceLocation)
  }
}

func reference(_ number: UInt64) -> TransferReference {
  TransferReference(high: 0xBBBB_0000_0000_4000, low: 0x8000_0000_0000_0000 | number)
}

extension SubmitOutcome {
  var isSettled: Bool { if case .settled = self { true } else { false } }
  var isInDoubt: Bool { if case .inDoubt = self { true } else { false } }
  var isNotSent: Bool { if case .notSent = self { true } else { false } }
  var reasonCode: ReasonCode? { if case .rejected(let reason) = self { reason.code } else { nil } }
}

extension StatusOutcome {
  var isSettled: Bool { if case .settled = self { true } else { false } }
  var isInDoubt: Bool { if case .inDoubt = self { true } else { false } }
}
