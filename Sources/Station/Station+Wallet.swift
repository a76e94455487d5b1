public import Batch
import Cryptography
import Journal
import LedgerWallet
import Partners
import Wallet

/// A payee's account as an operator sees it.
public struct WalletAccount: Sendable {
  /// What it holds.
  public let balance: Money
  /// Whether it takes money.
  public let isActive: Bool
  /// The most that it may hold, when it is limited.
  public let maximumBalance: Money?
}

/// What an operator says of a payee's account.
public struct WalletAccountTerms: Sendable {
  /// The currency; `nil` for every currency that the ledger holds.
  public var currency: String?
  /// Whether it takes money.
  public var isActive: Bool?
  /// The most that it may hold, such as `50000RWF`.
  public var maximumBalance: String?
  /// Terms that say nothing.
  public init() {}
}

extension Station {
  /// Puts money into a registered partner's funding account; answers what it holds then.
  ///
  /// - Parameter reference: names the funding, such as a bank's statement line: told again, it moves nothing. Without,
  ///   each call is a movement of its own, since an operator who funds twice means twice.
  /// - Throws: `refused` when the reference stood for another amount.
  public func fund(partner name: String, amount: String, currency: String, reference: String? = nil) async throws
    -> Money
  {
    let partner = try partners.partner(named: name)
    let money = try Money(amount, currency)
    let bytes = try reference.map { try Self.fundingName(partner.name, $0) } ?? SecureRandom.bytes(16)
    let words = bytes.reduce(into: (UInt64(0), UInt64(0))) { words, byte in
      words = (words.0 << 8 | words.1 >> 56, words.1 << 8 | UInt64(byte))
    }
    let movement = TransferReference(high: words.0, low: words.1)
    var event = AuditEvent(
      .walletFunded, by: actor,
      details: [
        .init("amount", money.decimal), .init("currency", money.currency.code), .init("movement", movement.uuidString),
      ] + (reference.map { [.init("reference", $0)] } ?? []))
    event.partner = partner.name
    let ledger = try ledger()
    return try await change(event) { try await ledger.fund(partner.name, with: money, reference: movement) }
  }

  /// The 16 bytes that a partner's reference for a funding stands for.
  private static func fundingName(_ partner: String, _ reference: String) throws -> [UInt8] {
    guard (1...100).contains(reference.utf8.count) else {
      throw StationError.refused("the reference of a funding has 1 to 100 characters")
    }
    // A partner's name has no zero byte, so that no two pairs give the same text.
    return Array(try SHA256.digest(Array("funding\0\(partner)\0\(reference)".utf8)).bytes.prefix(16))
  }

  /// What a registered partner has left, in one currency or in each that it has.
  public func balances(partner name: String, currency: String?) async throws -> [Money] {
    let partner = try partners.partner(named: name)
    guard let currency else { return try await ledger().balances(of: partner.name) }
    return [try await ledger().balance(of: partner.name, in: Currency(named: currency))]
  }

  /// The accounts of a payee, one for each currency.
  public func walletAccounts(type: String, id: String) async throws -> [WalletAccount] {
    let payee = try Payee(type: type, id: id)
    let accounts = try await ledger().accounts(of: payee)
    guard !accounts.isEmpty else { throw StationError.notFound("the ledger has no account of \(payee)") }
    return accounts.map {
      WalletAccount(balance: $0.balance, isActive: $0.state == .active, maximumBalance: $0.maximumBalance)
    }
  }

  /// Opens an account of a payee.
  public func openWalletAccount(type: String, id: String, _ terms: WalletAccountTerms) async throws {
    let payee = try Payee(type: type, id: id)
    let ledger = try ledger()
    let limit = try terms.maximumBalance.map(Money.init(limit:))
    for currency in try await currencies(terms, limit, ledger) {
      let state: AccountState = terms.isActive == false ? .inactive : .active
      try await change(accountEvent(.accountOpened, payee, currency, state, limit)) {
        try await ledger.openAccount(of: payee, in: currency, state: state, maximumBalance: limit)
      }
    }
  }

  /// Changes what `terms` says of a payee's account and leaves the rest.
  public func setWalletAccount(type: String, id: String, _ terms: WalletAccountTerms) async throws {
    let payee = try Payee(type: type, id: id)
    let ledger = try ledger()
    let limit = try terms.maximumBalance.map(Money.init(limit:))
    let only = try terms.currency.map(Currency.init(named:)) ?? limit?.currency
    let accounts = try await ledger.accounts(of: payee).filter { only == nil || $0.balance.currency == only }
    guard !accounts.isEmpty else { throw StationError.notFound("the ledger has no such account of \(payee)") }
    for account in accounts {
      let state: AccountState = terms.isActive.map { $0 ? .active : .inactive } ?? account.state
      let (currency, maximum) = (account.balance.currency, limit ?? account.maximumBalance)
      try await change(accountEvent(.accountChanged, payee, currency, state, maximum)) {
        try await ledger.setAccount(of: payee, in: currency, state: state, maximumBalance: maximum)
      }
    }
  }

  /// The payee stands masked: the trail is read by more people than the books.
  private func accountEvent(
    _ action: AuditAction, _ payee: Payee, _ currency: Currency, _ state: AccountState, _ maximum: Money?
  ) -> AuditEvent {
    AuditEvent(
      action, by: actor,
      details: [
        .init("account", "\(payee)"), .init("currency", currency.code),
        .init("state", state == .active ? "active" : "inactive"), .init("maximum", maximum?.decimal ?? "none"),
      ])
  }

  private func currencies(_ terms: WalletAccountTerms, _ limit: Money?, _ ledger: LedgerWallet) async throws
    -> [Currency]
  {
    if let code = terms.currency { return [try Currency(named: code)] }
    if let limit { return [limit.currency] }
    let known = try await ledger.currencies()
    guard !known.isEmpty else {
      throw StationError.refused("the ledger holds no currency yet: fund a partner first, or name one with --currency")
    }
    return known
  }
}

extension Payee {
  /// The payee of an operator's two words such as `MSISDN` and `250788123456`.
  init(type: String, id: String) throws(StationError) {
    guard let kind = Kind.allCases.first(where: { $0.name == type.uppercased() }) else {
      throw .refused("\(type) is no type of payee; there are \(Kind.allCases.map(\.name).joined(separator: ", "))")
    }
    let id = kind == .msisdn && id.hasPrefix("+") ? String(id.dropFirst()) : id
    guard (1...34).contains(id.unicodeScalars.count),
      id.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\u{7F}" })
    else { throw .refused("the identifier of a payee has 1 to 34 characters, and no control character") }
    // As in a batch (ITU-T E.164): an account that no batch can name is never paid.
    let isNumber =
      (8...15).contains(id.utf8.count) && id.utf8.first != UInt8(ascii: "0")
      && id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard kind != .msisdn || isNumber else {
      throw .refused("the MSISDN is not 8 to 15 digits with the country code first")
    }
    self.init(kind: kind, id: id)
  }
}
