import Batch
import Glibc
import LedgerWallet
import Storage
import Testing
import Wallet

@Suite("The ledger after a crash")
struct LedgerCrashTests {
  @Test(
    "has all of a call or nothing, and a repetition pays each payee once",
    arguments: [
      CrashPoint.ledgerPostBeforeCommit, .ledgerPostCommitted, .ledgerSubledgerBeforeCommit,
    ])
  func killed(at point: CrashPoint) async throws {
    let kit = try LedgerKit()
    try await kit.fund(10_000)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = kit.path as String, name = point.rawValue as String] in
      setenv("DISBURSE_CRASH_AT", name, 1)
      try await LedgerCrashTests.submitInChild(path)
    }
    let wallet = try kit.reopened()
    let known = await wallet.status(of: (1...50).map { reference($0) })
    let settled = known.count { if case .settled = $0 { true } else { false } }
    #expect(settled == (point == .ledgerPostBeforeCommit ? 0 : 50))
    #expect(try await wallet.verify().discrepancies == [])
    #expect(await wallet.submit((1...50).map { kit.transfer($0, to: "p\($0)", of: 10) }).allSatisfy(\.isSettled))
    #expect(try await wallet.balance(of: "registry", in: kit.rwf) == kit.francs(9_500))
    #expect(try await wallet.verify().discrepancies == [])
  }

  static func submitInChild(_ path: String) async throws {
    var settings = LedgerSettings()
    settings.postingStep = 10
    let wallet = try LedgerWallet(path: path, settings: settings, clock: StillClock())
    let rwf = try #require(Currency(code: "RWF"))
    let transfers = (1...50 as ClosedRange<UInt64>).map { number in
      Transfer(
        reference: reference(number), partner: "registry", payee: payee("p\(number)"),
        amount: Money(minorUnits: 10, currency: rwf), externalID: "I")
    }
    _ = await wallet.submit(transfers)
    // The subledger is posted after the answer, and before the next call's.
    _ = await wallet.submit(transfers)
  }

  @Test("a call that the disk has no room for pays nobody and says that it was not done")
  func fullDisk() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000_000)
    await #expect(processExitsWith: .success) { [path = kit.path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let wallet = try LedgerWallet(path: path, clock: StillClock())
      var limit = rlimit(rlim_cur: 64 * 1_024, rlim_max: 64 * 1_024)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let rwf = try #require(Currency(code: "RWF"))
      let outcomes = await wallet.submit(
        (1...20_000 as ClosedRange<UInt64>).map { number in
          Transfer(
            reference: reference(number), partner: "registry", payee: payee("p\(number)"),
            amount: Money(minorUnits: 1, currency: rwf), externalID: "I")
        })
      #expect(outcomes.allSatisfy { $0.isNotSent || $0.isInDoubt })
    }
    let wallet = try kit.reopened()
    #expect(try await wallet.balance(of: "registry", in: kit.rwf) == kit.francs(1_000_000))
    #expect(try await wallet.verify().discrepancies == [])
  }
}
