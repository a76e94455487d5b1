public import Batch
internal import GRDB
internal import Storage
public import Wallet

/// What an examination of the ledger found.
public struct Books: Hashable, Sendable {
  /// The money that was ever put into the ledger, by currency: what all accounts but issuance hold together.
  public var totals: [Currency: Int64] = [:]
  /// How many movements there are.
  public var movementCount = 0
  /// What does not agree, in words; empty for sound books.
  public var discrepancies: [String] = []

  /// Whether everything agrees.
  public var areSound: Bool { discrepancies.isEmpty }
}

extension LedgerWallet {
  /// Examines the books: all accounts of a currency sum to zero, each balance is the sum of its entries, and the
  /// payees' accounts sum to their control account. It reads everything, beside the writer.
  public func verify() async throws(WalletError) -> Books {
    try await ledger.read { db in
      var examination = BooksExamination()
      try examination.readAccounts(db)
      try examination.compareEntries(db)
      try examination.compareSubledger(db)
      try examination.comparePayees(db)
      return examination.books
    }
  }
}

/// The steps of an examination within one snapshot.
private struct BooksExamination {
  private struct Account {
    let kind: Int
    let balance: Int64
    // Wide, so that an examination of damaged books ends with words.
    var entries: Int128 = 0
  }

  var books = Books()
  private var accounts: [Int64: Account] = [:]

  mutating func readAccounts(_ db: Database) throws {
    var sums: [String: Int128] = [:]
    let find = try db.bulk("SELECT number, kind, currency, balance FROM account")
    while try find.step() {
      let account = Account(kind: find.int(1), balance: find.int64(3))
      accounts[find.int64(0)] = account
      let code = find.text(2)
      sums[code, default: 0] += Int128(account.balance)
      if account.kind == LedgerAccount.Kind.issuance.rawValue {
        if let currency = Currency(code: code) { books.totals[currency] = Int64(clamping: -Int128(account.balance)) }
      } else if account.balance < 0 {
        books.discrepancies.append("account \(find.int64(0)) is overdrawn: \(account.balance)")
      }
    }
    for (code, sum) in sums.sorted(by: { $0.key < $1.key }) where sum != 0 {
      books.discrepancies.append("the accounts in \(code) sum to \(sum), not to zero")
    }
  }

  mutating func compareEntries(_ db: Database) throws {
    let sum = try db.bulk("SELECT debit, credit, sum(amount), count(*) FROM movement GROUP BY debit, credit")
    while try sum.step() {
      accounts[sum.int64(0)]?.entries -= Int128(sum.int64(2))
      accounts[sum.int64(1)]?.entries += Int128(sum.int64(2))
      books.movementCount += sum.int(3)
      if accounts[sum.int64(0)] == nil || accounts[sum.int64(1)] == nil {
        books.discrepancies.append("\(sum.int(3)) movements name an account that is not there")
      }
    }
    for (number, account) in accounts.sorted(by: { $0.key < $1.key }) where account.entries != Int128(account.balance) {
      books.discrepancies.append("account \(number) holds \(account.balance), its entries sum to \(account.entries)")
    }
  }

  mutating func compareSubledger(_ db: Database) throws {
    let control = Int(LedgerAccount.Kind.payees.rawValue)
    let sum = try db.bulk(
      """
      SELECT (SELECT coalesce(sum(balance), 0) FROM payee_account WHERE account = ?1)
        + (SELECT coalesce(sum(balance), 0) FROM restricted_payee_account WHERE account = ?1)
        + (SELECT coalesce(sum(amount), 0) FROM movement AS m
           WHERE sequence > (SELECT sequence FROM posting) AND credit = ?1 AND NOT EXISTS
             (SELECT 1 FROM restricted_payee_account AS r WHERE r.account = m.credit AND r.payee = m.payee))
      """)
    for (number, account) in accounts.sorted(by: { $0.key < $1.key }) where account.kind == control {
      sum.bind(number, at: 1)
      guard try sum.step() else { continue }
      let payees = sum.int64(0)
      sum.reset()
      guard payees != account.balance else { continue }
      books.discrepancies.append("account \(number) holds \(account.balance), its payees hold \(payees)")
    }
  }

  mutating func comparePayees(_ db: Database) throws {
    let wrong = try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM (
          SELECT 1 FROM (
            SELECT account, payee, -balance AS amount FROM payee_account
            UNION ALL SELECT account, payee, -balance FROM restricted_payee_account
            UNION ALL SELECT credit, payee, amount FROM movement AS m WHERE payee IS NOT NULL
              AND (sequence <= (SELECT sequence FROM posting) OR EXISTS
                (SELECT 1 FROM restricted_payee_account AS r WHERE r.account = m.credit AND r.payee = m.payee))
          ) GROUP BY account, payee HAVING sum(amount) <> 0
        )
        """)
    if let wrong, wrong != 0 {
      books.discrepancies.append("\(wrong) payees' balances are not the sum of their entries")
    }
  }
}
