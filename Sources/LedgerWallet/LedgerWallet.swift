public import Batch
internal import Storage
public import Wallet

/// The embedded wallet: a closed-loop double-entry ledger in one SQLite file.
///
/// A movement settles at once or not at all, and is durable when it is answered. The same reference again answers the
/// first outcome and moves nothing; the same reference with another payee or amount is in doubt, for a person to look.
public final class LedgerWallet: WalletAdapter {
  /// What the ledger can do.
  public let capabilities: WalletCapabilities
  let ledger: Ledger
  private let group: GroupCommit

  /// Opens the ledger at `path`, or creates it with mode 0600 unless the settings say that it must exist.
  public init(path: String, settings: LedgerSettings = LedgerSettings(), clock: any WallClock) throws(WalletError) {
    let ledger = try Ledger(path: path, settings: settings, clock: clock)
    self.ledger = ledger
    group = GroupCommit(
      maximumSize: settings.maximumCommitSize, commit: { await ledger.post($0) },
      afterCommit: { await ledger.postSubledgerIfDue() })
    capabilities = WalletCapabilities(preferredBatchSize: 16_384, currencies: settings.currencies)
  }

  /// What the partner has left to pay out; zero for a partner without money in `currency`.
  public func balance(of partner: String, in currency: Currency) async throws(WalletError) -> Money {
    try await ledger.read { db in
      var general = GeneralLedger(db)
      let index = try general.index(of: .funding(partner, currency))
      return Money(minorUnits: index.map { general.entries[$0].balance } ?? 0, currency: currency)
    }
  }

  /// Whether the payee could receive now, in any currency. A payee without an account is `active` where accounts open
  /// when first credited.
  public func holder(_ payee: Payee) async throws(WalletError) -> HolderStatus {
    try await ledger.read { [openOnCredit = ledger.settings.openOnCredit] db in
      let subledger = try PayeeSubledger(db)
      let key = PayeeKey(payee)
      let controls = try GeneralLedger.accounts(.payees, partner: "", in: db).map(\.number)
      let restricted = try controls.compactMap { try subledger.restricted(key, in: $0) }
      if restricted.contains(where: { $0.state == .active }) { return .active }
      if restricted.isEmpty && openOnCredit { return .active }
      // The last question reads many rows, and is seldom reached.
      if try controls.contains(where: { try subledger.postedBalance(key, in: $0) != nil })
        || controls.contains(where: { try subledger.unpostedCredits(key, in: $0) != nil })
      {
        // An account that is blocked in one currency may be open in another.
        return .active
      }
      return restricted.isEmpty ? .unknown : .inactive
    }
  }

  /// Pays each transfer from its partner's funding account.
  public func submit(_ transfers: [Transfer]) async -> [SubmitOutcome] {
    await post(transfers.map { Movement($0) })
  }

  /// What became of each reference: settled, or never heard of.
  public func status(of references: [TransferReference]) async -> [StatusOutcome] {
    do throws(WalletError) {
      return try await ledger.read { db in
        let find = try db.bulk("SELECT sequence, at FROM movement WHERE reference = ?")
        return try references.map { reference in
          find.bind(high: reference.high, low: reference.low, at: 1)
          guard try find.step() else { return .unknown }
          defer { find.reset() }
          return .settled(
            Poster.settlement(
              sequence: find.int64(0), at: Timestamp(millisecondsSinceEpoch: find.int64(1))))
        }
      }
    } catch {
      return Array(repeating: .inDoubt("\(error)"), count: references.count)
    }
  }

  func post(_ movements: [Movement]) async -> [SubmitOutcome] { await group.submit(movements) }
}

extension LedgerWallet: VoucherFloat {
  /// From the partner's funding account to its voucher float.
  public func reserve(_ movements: [FloatMovement]) async -> [SubmitOutcome] {
    await post(movements.map { Movement(reserving: $0) })
  }

  /// From the partner's voucher float back to its funding account.
  public func release(_ movements: [FloatMovement]) async -> [SubmitOutcome] {
    await post(movements.map { Movement(releasing: $0) })
  }

  /// From the partner's voucher float to the payee.
  public func payOut(_ movement: FloatMovement, to payee: Payee) async -> SubmitOutcome {
    await post([Movement(payingOut: movement, to: payee)])[0]
  }
}
