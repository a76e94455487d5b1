internal import Batch
internal import GRDB
internal import Storage

/// The accounts of the general ledger within one write transaction: read once, changed in memory, written once.
struct GeneralLedger {
  /// An account with its number and balance.
  struct Entry {
    let number: Int64
    let account: LedgerAccount
    var balance: Int64
    var isChanged = false
  }

  private let db: Database
  private var indices: [LedgerAccount: Int] = [:]
  private(set) var entries: [Entry] = []

  init(_ db: Database) { self.db = db }

  /// The place of `account` in `entries`; `nil` when the ledger does not have it.
  mutating func index(of account: LedgerAccount) throws -> Int? {
    if let index = indices[account] { return index }
    let find = try db.bulk("SELECT number, balance FROM account WHERE kind = ? AND currency = ? AND partner = ?")
    bind(account, to: find)
    guard try find.step() else { return nil }
    defer { find.reset() }
    return remember(Entry(number: find.int64(0), account: account, balance: find.int64(1)))
  }

  /// The place of `account` in `entries`, opened when the ledger does not have it.
  mutating func openIndex(of account: LedgerAccount) throws -> Int {
    if let index = try index(of: account) { return index }
    let insert = try db.bulk("INSERT INTO account (kind, currency, partner, balance) VALUES (?, ?, ?, 0)")
    bind(account, to: insert)
    try insert.run()
    return remember(Entry(number: db.lastInsertedRowID, account: account, balance: 0))
  }

  /// Whether `minorUnits` can go from one account to the other without overdraft or overflow.
  func canMove(_ minorUnits: Int64, from debit: Int, to credit: Int) -> Bool {
    let (rest, isOverdrawn) = entries[debit].balance.subtractingReportingOverflow(minorUnits)
    let (_, isFull) = entries[credit].balance.addingReportingOverflow(minorUnits)
    // What is negative can be negated too: the total of a currency is an amount.
    let lowest = entries[debit].account.mayBeNegative ? -Int64.max : 0
    return !isOverdrawn && !isFull && rest >= lowest
  }

  /// Moves what `canMove` has allowed.
  mutating func move(_ minorUnits: Int64, from debit: Int, to credit: Int) {
    precondition(canMove(minorUnits, from: debit, to: credit), "a movement that the accounts do not allow")
    entries[debit].balance -= minorUnits
    entries[debit].isChanged = true
    entries[credit].balance += minorUnits
    entries[credit].isChanged = true
  }

  /// Writes the changed balances.
  func store() throws {
    let update = try db.bulk("UPDATE account SET balance = ? WHERE number = ?")
    for entry in entries where entry.isChanged {
      update.bind(entry.balance, at: 1)
      update.bind(entry.number, at: 2)
      try update.run()
    }
  }

  private mutating func remember(_ entry: Entry) -> Int {
    indices[entry.account] = entries.count
    entries.append(entry)
    return entries.count - 1
  }

  private func bind(_ account: LedgerAccount, to statement: BulkStatement) {
    statement.bind(Int(account.kind.rawValue), at: 1)
    statement.bind(account.currency.code, at: 2)
    statement.bind(account.partner, at: 3)
  }

  /// The accounts of a kind and partner as the file has them, in the order of their currencies.
  static func accounts(
    _ kind: LedgerAccount.Kind, partner: String, in db: Database
  ) throws -> [(number: Int64, currency: Currency, balance: Int64)] {
    let find = try db.bulk(
      "SELECT number, currency, balance FROM account WHERE kind = ? AND partner = ? ORDER BY currency")
    find.bind(Int(kind.rawValue), at: 1)
    find.bind(partner, at: 2)
    var accounts: [(Int64, Currency, Int64)] = []
    while try find.step() {
      guard let currency = Currency(code: find.text(1)) else { continue }
      accounts.append((find.int64(0), currency, find.int64(2)))
    }
    return accounts
  }
}
