import Batch
import LedgerWallet
import Synchronization
import TestKit
import Testing
import Wallet

/// A clock that a test moves.
final class StillClock: WallClock {
  private let milliseconds = Mutex<Int64>(1_790_000_000_000)
  func now() -> Timestamp { Timestamp(millisecondsSinceEpoch: milliseconds.withLock { $0 }) }
  func advance() { milliseconds.withLock { $0 += 1_000 } }
}

/// A ledger in a directory of its own.
struct LedgerKit {
  let directory: TemporaryDirectory
  let clock = StillClock()
  let rwf: Currency
  let kes: Currency
  let wallet: LedgerWallet
  var path: String { directory.path + "/ledger.sqlite" }

  init(_ configure: (inout LedgerSettings) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    rwf = try #require(Currency(code: "RWF"))
    kes = try #require(Currency(code: "KES"))
    var settings = LedgerSettings()
    configure(&settings)
    wallet = try LedgerWallet(path: directory.path + "/ledger.sqlite", settings: settings, clock: clock)
  }

  /// The same ledger, opened by another owner.
  func reopened(_ configure: (inout LedgerSettings) -> Void = { _ in }) throws -> LedgerWallet {
    var settings = LedgerSettings()
    configure(&settings)
    return try LedgerWallet(path: path, settings: settings, clock: clock)
  }

  func francs(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: rwf) }

  func transfer(
    _ number: UInt64, to id: String = "250788123456", of amount: Int64 = 100, from partner: String = "registry"
  ) -> Transfer {
    Transfer(
      reference: reference(number), partner: partner, payee: payee(id), amount: francs(amount),
      externalID: "I-\(number)")
  }

  func reserve(_ number: UInt64, of amount: Int64, for partner: String = "registry") -> FloatMovement {
    FloatMovement(reference: reference(number), partner: partner, amount: francs(amount))
  }

  func fund(_ amount: Int64, _ partner: String = "registry", reference number: UInt64 = 0xF00D) async throws {
    try await wallet.fund(partner, with: francs(amount), reference: reference(number))
  }

  func balance(_ partner: String = "registry") async throws -> Int64 {
    try await wallet.balance(of: partner, in: rwf).minorUnits
  }

  func holding(_ id: String = "250788123456") async throws -> Int64? {
    try await wallet.accounts(of: payee(id)).first?.balance.minorUnits
  }
}

func payee(_ id: String) -> Payee { Payee(kind: .msisdn, id: id) }

func reference(_ number: UInt64) -> TransferReference {
  TransferReference(high: 0xAAAA_0000_0000_4000 | number >> 16, low: 0x8000_0000_0000_0000 | number)
}

extension SubmitOutcome {
  var isSettled: Bool { if case .settled = self { true } else { false } }
  var isInDoubt: Bool { if case .inDoubt = self { true } else { false } }
  var isNotSent: Bool { if case .notSent = self { true } else { false } }
  var reasonCode: ReasonCode? { if case .rejected(let reason) = self { reason.code } else { nil } }
}
