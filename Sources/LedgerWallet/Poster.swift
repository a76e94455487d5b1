internal import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// Enters movements within one write transaction.
///
/// A reference that stands in the ledger answers its first outcome and does nothing. A refused movement leaves no row:
/// nothing moved, and the reference is as unknown as before.
struct Poster {
  private let db: Database
  private let now: Timestamp
  private let settings: LedgerSettings
  private var general: GeneralLedger
  private let subledger: PayeeSubledger
  private let insert: BulkStatement
  private let find: BulkStatement

  init(_ db: Database, settings: LedgerSettings, at now: Timestamp) throws {
    self.db = db
    self.now = now
    self.settings = settings
    general = GeneralLedger(db)
    subledger = try PayeeSubledger(db)
    insert = try db.bulk(
      """
      INSERT INTO movement (reference, debit, credit, payee, amount, at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (reference) DO NOTHING
      """)
    find = try db.bulk("SELECT debit, credit, payee, amount, sequence, at FROM movement WHERE reference = ?")
  }

  /// Enters `movements` in their order; the answers are in the same order.
  mutating func post(_ movements: [Movement]) throws -> [SubmitOutcome] {
    var outcomes: [SubmitOutcome] = []
    outcomes.reserveCapacity(movements.count)
    for movement in movements { outcomes.append(try post(movement)) }
    return outcomes
  }

  /// Writes the balances; the last step before the commit.
  func finish() throws { try general.store() }

  private mutating func post(_ movement: Movement) throws -> SubmitOutcome {
    let key = movement.payee.map { PayeeKey($0) }
    switch try check(movement, key: key) {
    case .refused(let reason):
      return try firstOutcome(of: movement, key: key) ?? .rejected(reason)
    case .allowed(let debit, let credit, let isRestricted):
      let entries = (debit: general.entries[debit], credit: general.entries[credit])
      bind(movement, key: key, debit: entries.debit.number, credit: entries.credit.number)
      try insert.run()
      guard insert.changes == 1 else {
        guard let first = try firstOutcome(of: movement, key: key) else {
          throw StorageError.fault(path: "ledger", reason: "a reference is taken and not there")
        }
        return first
      }
      general.move(movement.minorUnits, from: debit, to: credit)
      if isRestricted, let key {
        try subledger.creditRestricted(movement.minorUnits, to: key, in: entries.credit.number)
      }
      return .settled(Self.settlement(sequence: db.lastInsertedRowID, at: now))
    }
  }

  private enum Check {
    case allowed(debit: Int, credit: Int, isRestricted: Bool)
    case refused(Reason)
  }

  private mutating func check(_ movement: Movement, key: PayeeKey?) throws -> Check {
    let currency = movement.debit.currency
    guard movement.minorUnits > 0 else {
      return .refused(Reason(.invalidAmount, "the amount is not more than zero"))
    }
    if let currencies = settings.currencies, !currencies.contains(currency) {
      return .refused(Reason(.currencyNotSupported, "the ledger holds no \(currency.code)"))
    }
    if let payee = movement.payee, payee.id.isEmpty {
      return .refused(Reason(.payeeNotFound, "the payee has no identifier"))
    }
    let debit =
      movement.debit.mayBeNegative ? try general.openIndex(of: movement.debit) : try general.index(of: movement.debit)
    guard let debit else {
      return .refused(Reason(.insufficientFunds, "the partner has no money in \(currency.code)"))
    }
    let credit = try general.openIndex(of: movement.credit)
    var isRestricted = false
    if let key {
      let standing = try subledger.standing(
        of: key, in: general.entries[credit].number, openOnCredit: settings.openOnCredit)
      switch standing {
      case .open: break
      case .missing: return .refused(Reason(.payeeNotFound, "the ledger has no account of the payee"))
      case .restricted(let account):
        if let reason = account.refusal(of: movement.minorUnits) { return .refused(reason) }
        isRestricted = true
      }
    }
    guard general.canMove(movement.minorUnits, from: debit, to: credit) else {
      return movement.debit.mayBeNegative
        ? .refused(Reason(.amountOverLimit, "the ledger can't hold so much \(currency.code)"))
        : .refused(Reason(.insufficientFunds, "the account that pays holds less than the amount"))
    }
    return .allowed(debit: debit, credit: credit, isRestricted: isRestricted)
  }

  /// What the ledger answered when it first saw the reference; `nil` when it never did.
  private mutating func firstOutcome(of movement: Movement, key: PayeeKey?) throws -> SubmitOutcome? {
    find.bind(high: movement.reference.high, low: movement.reference.low, at: 1)
    guard try find.step() else { return nil }
    defer { find.reset() }
    let debit = try general.index(of: movement.debit)
    let credit = try general.index(of: movement.credit)
    let isSame =
      debit.map { general.entries[$0].number } == find.int64(0)
      && credit.map { general.entries[$0].number } == find.int64(1)
      && (key?.bytes ?? []) == find.blob(2) && movement.minorUnits == find.int64(3)
    guard isSame else {
      return .inDoubt(
        "the reference names another movement in the ledger (\(Self.transactionID(find.int64(4)))): compare the two")
    }
    return .settled(
      Self.settlement(sequence: find.int64(4), at: Timestamp(millisecondsSinceEpoch: find.int64(5))))
  }

  private func bind(_ movement: Movement, key: PayeeKey?, debit: Int64, credit: Int64) {
    insert.bind(high: movement.reference.high, low: movement.reference.low, at: 1)
    insert.bind(debit, at: 2)
    insert.bind(credit, at: 3)
    insert.bind(key?.bytes, at: 4)
    insert.bind(movement.minorUnits, at: 5)
    insert.bind(now.millisecondsSinceEpoch, at: 6)
  }

  /// The ledger's word for a movement that stands.
  static func settlement(sequence: Int64, at: Timestamp) -> Settlement {
    Settlement(financialTransactionID: transactionID(sequence), completedAt: at)
  }

  /// A movement's number as a text.
  static func transactionID(_ sequence: Int64) -> String { "L\(sequence)" }
}
