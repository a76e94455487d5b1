internal import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// A pending voucher and what the float answered for its money.
struct VoucherMoney: Sendable {
  let sequence: Int64
  let reference: TransferReference
  let groupCode: String
  let outcome: SubmitOutcome
}

/// Ends pending orders within one write transaction: what was paid for becomes active, what was refused goes.
struct VoucherActivation {
  private let db: Database
  private let now: Timestamp
  private let index: NumberIndex
  private var reader: VoucherReader
  private var groups: GroupBook
  private let activate: BulkStatement

  init(_ db: Database, index: NumberIndex, at now: Timestamp) throws {
    self.db = db
    self.now = now
    self.index = index
    reader = try VoucherReader(db)
    groups = GroupBook(db)
    activate = try db.bulk(
      """
      UPDATE voucher SET state = ?, activated_at = ?, expires_at = ? WHERE sequence = ? AND state = ? AND reference = ?
      """)
  }

  /// Writes the counts; the last step before the commit.
  func finish() throws { try groups.store() }

  /// Carries out what the float answered, and says what it means for the order.
  mutating func settle(_ money: VoucherMoney) throws -> SubmitOutcome {
    switch money.outcome {
    case .settled(let settlement): try activate(money, settlement)
    case .rejected: try discard(money)
    case .accepted, .inDoubt, .notSent: money.outcome
    }
  }

  private mutating func activate(_ money: VoucherMoney, _ settlement: Settlement) throws -> SubmitOutcome {
    guard let (_, group) = try groups.find(money.groupCode) else { throw VoucherError.noSuchGroup(money.groupCode) }
    var life = VoucherLifecycle(state: .preActivated)
    precondition(life.handle(.activate) == .reserve, "a pre-activated voucher is activated once its money is reserved")
    let lifetime = Int64(group.expiresAfterDays) * 86_400_000
    activate.bind(Int(life.state.rawValue), at: 1)
    activate.bind(now.millisecondsSinceEpoch, at: 2)
    activate.bind(now.millisecondsSinceEpoch + lifetime, at: 3)
    activate.bind(money.sequence, at: 4)
    activate.bind(Int(VoucherLifecycle.State.preActivated.rawValue), at: 5)
    activate.bind(high: money.reference.high, low: money.reference.low, at: 6)
    try activate.run()
    if activate.changes == 1 { return Self.outcome(settlement, activatedAt: now) }
    // Another caller may have done it meanwhile.
    guard let row = try reader.row(money.sequence), row.reference == money.reference, row.life.state != .preActivated
    else { return .inDoubt("the money of a voucher is in the float, and the voucher is not there") }
    return Self.outcome(settlement, activatedAt: row.activatedAt)
  }

  private mutating func discard(_ money: VoucherMoney) throws -> SubmitOutcome {
    guard let row = try reader.row(money.sequence), row.reference == money.reference else { return money.outcome }
    guard row.life.state == .preActivated else {
      return .inDoubt("the voucher is active, and its money was refused")
    }
    if row.isStock {
      let update = try db.bulk(
        "UPDATE voucher SET reference = NULL, partner = NULL, payee_functional_id = NULL WHERE sequence = ?")
      update.bind(row.sequence, at: 1)
      try update.run()
      return money.outcome
    }
    let delete = try db.bulk("DELETE FROM voucher WHERE sequence = ?")
    delete.bind(row.sequence, at: 1)
    try delete.run()
    try index.remove(row.sequence, code: row.code, in: db)
    _ = try groups.find(row.groupCode)
    groups.count(-1, in: row.groupCode)
    return money.outcome
  }

  /// A settled order: under the wallet's number for the money, at the time when the voucher became active.
  static func outcome(_ settlement: Settlement, activatedAt: Timestamp) -> SubmitOutcome {
    .settled(
      Settlement(financialTransactionID: settlement.financialTransactionID, completedAt: activatedAt))
  }
}
