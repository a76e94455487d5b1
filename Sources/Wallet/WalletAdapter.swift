public import Batch

/// What every wallet offers; the pipeline knows nothing else of it.
///
/// Calls take many at once. A wallet without a bulk call sends them one by one, within its own limits.
public protocol WalletAdapter: Sendable {
  /// What the wallet can do.
  var capabilities: WalletCapabilities { get }
  /// The funds that `partner` has left, or throws when the wallet can't tell.
  func balance(of partner: String, in currency: Currency) async throws(WalletError) -> Money
  /// Whether the payee could receive now.
  func holder(_ payee: Payee) async throws(WalletError) -> HolderStatus
  /// Asks for each movement. The answers are in the order of `transfers`, one for each.
  func submit(_ transfers: [Transfer]) async -> [SubmitOutcome]
  /// Asks what became of each movement. The answers are in the order of `references`, one for each.
  func status(of references: [TransferReference]) async -> [StatusOutcome]
}

/// What a wallet says of a payee's account.
public enum HolderStatus: Hashable, Sendable {
  case active
  case inactive
  case unknown
  case notAllowed
}

/// What a wallet can do.
public struct WalletCapabilities: Hashable, Sendable {
  /// How many transfers it likes in one call; 1 for a wallet without bulk.
  public var preferredBatchSize: Int
  /// Whether it calls back when something is settled.
  public var hasCallbacks: Bool
  /// The currencies it holds; `nil` for any.
  public var currencies: Set<Currency>?
  /// The kinds of payee it can pay.
  public var payeeKinds: Set<Payee.Kind>

  /// Capabilities of a wallet.
  public init(
    preferredBatchSize: Int, hasCallbacks: Bool = false, currencies: Set<Currency>? = nil,
    payeeKinds: Set<Payee.Kind> = Set(Payee.Kind.allCases)
  ) {
    self.preferredBatchSize = preferredBatchSize
    self.hasCallbacks = hasCallbacks
    self.currencies = currencies
    self.payeeKinds = payeeKinds
  }
}

/// What goes wrong between us and a wallet.
public enum WalletError: Error, Hashable, Sendable {
  /// It can't be reached or does not answer sense now; trying later may help.
  case unavailable(wallet: String, reason: String)
  /// Its own store is damaged or of another version.
  case store(wallet: String, reason: String)
  /// The account that was named does not exist.
  case noSuchAccount(String)
  /// What was asked for can't be done, by the rules of the wallet.
  case refused(String)
}

extension WalletError: CustomStringConvertible {
  /// One line for people: what happened and what to do.
  public var description: String {
    switch self {
    case .unavailable(let wallet, let reason): "the wallet \(wallet) is not available: \(reason)"
    case .store(let wallet, let reason): "the store of the wallet \(wallet) can't be used: \(reason)"
    case .noSuchAccount(let account): "there is no account \(account)"
    case .refused(let reason): reason
    }
  }
}
