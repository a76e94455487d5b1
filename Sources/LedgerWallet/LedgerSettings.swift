public import Batch

/// How the ledger is run.
public struct LedgerSettings: Hashable, Sendable {
  /// Whether a payee that the ledger has not seen gets an account when first credited; else it is `payee-not-found`.
  public var openOnCredit = true
  /// The currencies that it holds; `nil` for any.
  public var currencies: Set<Currency>?
  /// At most so many movements are committed together.
  public var maximumCommitSize = 65_536
  /// The payees' balances are posted once so many movements wait for it.
  public var postingStep = 524_288
  /// Whether the ledger's file must be there already: an empty ledger in the place of a lost one would pay again.
  public var mustExist = false

  /// The defaults.
  public init() {}
}

/// Whether a payee's account takes money. The raw value is what the ledger stores.
public enum AccountState: Int, Hashable, Sendable, CaseIterable {
  /// It does.
  case active = 1
  /// It is blocked or closed.
  case inactive = 2
}

/// A payee's account in one currency.
public struct PayeeAccount: Hashable, Sendable {
  /// Whose it is.
  public let payee: Payee
  /// What it holds.
  public let balance: Money
  /// Whether it takes money.
  public let state: AccountState
  /// The most that it may hold, when it is limited.
  public let maximumBalance: Money?
}
