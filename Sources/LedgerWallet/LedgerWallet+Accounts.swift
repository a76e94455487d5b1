public import Batch
internal import GRDB
internal import Storage
public import Wallet

// What an operator does to accounts.
extension LedgerWallet {
  /// Puts new money into the partner's funding account; answers what it holds then.
  ///
  /// Idempotent by `reference`, as every movement is. Throws `refused` when it names another movement.
  @discardableResult
  public func fund(
    _ partner: String, with amount: Money, reference: TransferReference
  ) async throws(WalletError) -> Money {
    let movement = Movement(funding: partner, with: amount, reference: reference)
    var outcome = await post([movement])[0]
    if case .inDoubt(let text) = outcome, case .settled = await status(of: [reference])[0] {
      // Entered after all, or long ago as another movement: asked again, the ledger knows.
      outcome = await post([movement])[0]
      if case .inDoubt = outcome { throw .refused(text) }
    }
    switch outcome {
    case .settled, .accepted: return try await balance(of: partner, in: amount.currency)
    case .rejected(let reason): throw .refused(reason.message)
    case .inDoubt(let text), .notSent(let text): throw .unavailable(wallet: "ledger", reason: text)
    }
  }

  /// What the partner has left to pay out, in each currency that it ever had, in alphabetic order.
  public func balances(of partner: String) async throws(WalletError) -> [Money] {
    try await generalBalances(.funding, of: partner)
  }

  /// The currencies in which there is an account of any kind, in alphabetic order.
  public func currencies() async throws(WalletError) -> [Currency] {
    try await ledger.read { db in
      let find = try db.bulk("SELECT DISTINCT currency FROM account ORDER BY currency")
      var currencies: [Currency] = []
      while try find.step() {
        if let currency = Currency(code: find.text(0)) { currencies.append(currency) }
      }
      return currencies
    }
  }

  /// What stands for the partner's live vouchers, in each currency that it ever had.
  public func voucherFloats(of partner: String) async throws(WalletError) -> [Money] {
    try await generalBalances(.voucherFloat, of: partner)
  }

  /// The payee's accounts, one for each currency, in alphabetic order; none for a payee that the ledger has not seen.
  public func accounts(of payee: Payee) async throws(WalletError) -> [PayeeAccount] {
    try await ledger.read { db in
      let subledger = try PayeeSubledger(db)
      let key = PayeeKey(payee)
      return try GeneralLedger.accounts(.payees, partner: "", in: db).compactMap { control in
        let currency = control.currency
        if let account = try subledger.restricted(key, in: control.number) {
          return PayeeAccount(payee: payee, account, currency: currency)
        }
        let posted = try subledger.postedBalance(key, in: control.number)
        let unposted = try subledger.unpostedCredits(key, in: control.number)
        guard posted != nil || unposted != nil else { return nil }
        let balance = (posted ?? 0) + (unposted ?? 0)
        return PayeeAccount(
          payee: payee, SubledgerAccount(balance: balance, state: .active, maximumBalance: nil), currency: currency)
      }
    }
  }

  /// Opens an account of the payee. Throws `refused` when it has one in the currency.
  public func openAccount(
    of payee: Payee, in currency: Currency, state: AccountState = .active, maximumBalance: Money? = nil
  ) async throws(WalletError) {
    try await changeAccount(of: payee, in: currency) { account in
      guard account == nil else { throw LedgerFailure(.refused("\(payee) has an account in \(currency) already")) }
      return SubledgerAccount(balance: 0, state: state, maximumBalance: try Self.limit(maximumBalance, in: currency))
    }
  }

  /// Sets the state and the limit of an account that is there.
  public func setAccount(
    of payee: Payee, in currency: Currency, state: AccountState, maximumBalance: Money?
  ) async throws(WalletError) {
    try await changeAccount(of: payee, in: currency) { account in
      guard let account else { throw LedgerFailure(.noSuchAccount("of \(payee) in \(currency)")) }
      return SubledgerAccount(
        balance: account.balance, state: state, maximumBalance: try Self.limit(maximumBalance, in: currency))
    }
  }

  private func changeAccount(
    of payee: Payee, in currency: Currency,
    _ change: @escaping @Sendable (SubledgerAccount?) throws -> SubledgerAccount
  ) async throws(WalletError) {
    if let currencies = ledger.settings.currencies, !currencies.contains(currency) {
      throw .refused("the ledger holds no \(currency)")
    }
    try await ledger.write { db in
      var general = GeneralLedger(db)
      let index = try general.openIndex(of: .payees(currency))
      let control = general.entries[index].number
      // From here no credit is unposted, so the account may change its table.
      try SubledgerPosting.post(db)
      let subledger = try PayeeSubledger(db)
      let key = PayeeKey(payee)
      let present =
        try subledger.restricted(key, in: control)
        ?? subledger.postedBalance(key, in: control).map {
          SubledgerAccount(balance: $0, state: .active, maximumBalance: nil)
        }
      try subledger.replace(key, in: control, by: try change(present))
    }
  }

  private func generalBalances(_ kind: LedgerAccount.Kind, of partner: String) async throws(WalletError) -> [Money] {
    try await ledger.read { db in
      try GeneralLedger.accounts(kind, partner: partner, in: db).map {
        Money(minorUnits: $0.balance, currency: $0.currency)
      }
    }
  }

  private static func limit(_ maximum: Money?, in currency: Currency) throws -> Int64? {
    guard let maximum else { return nil }
    guard maximum.currency == currency, maximum.minorUnits >= 0 else {
      throw LedgerFailure(.refused("the maximum balance must be an amount of \(currency)"))
    }
    return maximum.minorUnits
  }
}

extension PayeeAccount {
  init(payee: Payee, _ account: SubledgerAccount, currency: Currency) {
    self.init(
      payee: payee, balance: Money(minorUnits: account.balance, currency: currency), state: account.state,
      maximumBalance: account.maximumBalance.map { Money(minorUnits: $0, currency: currency) })
  }
}
