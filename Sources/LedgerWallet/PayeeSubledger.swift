internal import Batch
internal import GRDB
internal import Storage

/// A payee's account with what may keep it from receiving.
struct SubledgerAccount {
  var balance: Int64
  var state: AccountState
  var maximumBalance: Int64?

  /// Whether there is anything that it may not receive.
  var isRestricted: Bool { state != .active || maximumBalance != nil }

  /// Why the account does not take `minorUnits`; `nil` when it does.
  func refusal(of minorUnits: Int64) -> Reason? {
    switch state {
    case .inactive: return Reason(.payeeInactive, "the payee's account is not active")
    case .active:
      guard let maximumBalance else { return nil }
      let (balance, isOverflow) = balance.addingReportingOverflow(minorUnits)
      guard isOverflow || balance > maximumBalance else { return nil }
      return Reason(.payeeNotAllowed, "the payee's account may not hold so much")
    }
  }
}

/// The payees' accounts under the control accounts, within one transaction.
struct PayeeSubledger {
  /// Whether a payee can be credited.
  enum Standing {
    case open
    case restricted(SubledgerAccount)
    case missing
  }

  private let db: Database
  private let hasRestrictions: Bool

  init(_ db: Database) throws {
    self.db = db
    hasRestrictions = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM restricted_payee_account)") ?? false
  }

  /// How the payee's account in the control account stands. Unless accounts open themselves, it must be there.
  func standing(of key: PayeeKey, in account: Int64, openOnCredit: Bool) throws -> Standing {
    if hasRestrictions, let restricted = try restricted(key, in: account) { return .restricted(restricted) }
    if openOnCredit { return .open }
    if try isThere(key, in: account) { return .open }
    // It may have been opened by a credit that is not posted yet.
    guard try SubledgerPosting.post(db) > 0 else { return .missing }
    return try isThere(key, in: account) ? .open : .missing
  }

  /// The restricted account of the payee, if it has one.
  func restricted(_ key: PayeeKey, in account: Int64) throws -> SubledgerAccount? {
    let find = try db.bulk(
      "SELECT balance, state, maximum_balance FROM restricted_payee_account WHERE account = ? AND payee = ?")
    find.bind(account, at: 1)
    find.bind(key.bytes, at: 2)
    guard try find.step() else { return nil }
    defer { find.reset() }
    return SubledgerAccount(
      balance: find.int64(0), state: AccountState(rawValue: find.int(1)) ?? .inactive,
      maximumBalance: find.optionalInt64(2))
  }

  /// The posted balance of an unrestricted account, without what is not posted yet; `nil` when it is not there.
  func postedBalance(_ key: PayeeKey, in account: Int64) throws -> Int64? {
    let find = try db.bulk("SELECT balance FROM payee_account WHERE account = ? AND payee = ?")
    find.bind(account, at: 1)
    find.bind(key.bytes, at: 2)
    guard try find.step() else { return nil }
    defer { find.reset() }
    return find.int64(0)
  }

  /// What was credited to an unrestricted account and is not posted yet; `nil` when nothing was.
  func unpostedCredits(_ key: PayeeKey, in account: Int64) throws -> Int64? {
    let sum = try db.bulk(
      """
      SELECT sum(amount) FROM movement
      WHERE sequence > (SELECT sequence FROM posting) AND credit = ? AND payee = ?
      """)
    sum.bind(account, at: 1)
    sum.bind(key.bytes, at: 2)
    guard try sum.step() else { return nil }
    defer { sum.reset() }
    return sum.optionalInt64(0)
  }

  /// Adds to a restricted account what was checked before.
  func creditRestricted(_ minorUnits: Int64, to key: PayeeKey, in account: Int64) throws {
    let update = try db.bulk(
      "UPDATE restricted_payee_account SET balance = balance + ? WHERE account = ? AND payee = ?")
    update.bind(minorUnits, at: 1)
    update.bind(account, at: 2)
    update.bind(key.bytes, at: 3)
    try update.run()
  }

  /// Puts the account into the table that it belongs to. No credit to it may be unposted.
  func replace(_ key: PayeeKey, in account: Int64, by new: SubledgerAccount) throws {
    for sql in [
      "DELETE FROM payee_account WHERE account = ? AND payee = ?",
      "DELETE FROM restricted_payee_account WHERE account = ? AND payee = ?",
    ] {
      let delete = try db.bulk(sql)
      delete.bind(account, at: 1)
      delete.bind(key.bytes, at: 2)
      try delete.run()
    }
    let insert = try db.bulk(
      new.isRestricted
        ? "INSERT INTO restricted_payee_account (account, payee, balance, state, maximum_balance) VALUES (?, ?, ?, ?, ?)"
        : "INSERT INTO payee_account (account, payee, balance) VALUES (?, ?, ?)")
    insert.bind(account, at: 1)
    insert.bind(key.bytes, at: 2)
    insert.bind(new.balance, at: 3)
    if new.isRestricted {
      insert.bind(new.state.rawValue, at: 4)
      insert.bind(new.maximumBalance, at: 5)
    }
    try insert.run()
  }

  private func isThere(_ key: PayeeKey, in account: Int64) throws -> Bool {
    try postedBalance(key, in: account) != nil
  }
}
