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
  private let activateRun: BulkStatement

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
    activateRun = try db.bulk(
      """
      UPDATE voucher SET state = ?, activated_at = ?, expires_at = ?
      WHERE sequence BETWEEN ? AND ? AND state = ? AND is_stock = 0 AND reference IS NOT NULL
      """)
  }

  /// Writes the counts; the last step before the commit.
  func finish() throws { try groups.store() }

  /// Carries out what the float answered, and says what it means for each order.
  mutating func settle(_ money: [VoucherMoney]) throws -> [SubmitOutcome] {
    var outcomes: [SubmitOutcome] = []
    outcomes.reserveCapacity(money.count)
    while outcomes.count < money.count {
      let run = Self.run(in: money[outcomes.count...])
      if run.count > 1, try activate(run) {
        for money in run { outcomes.append(Self.outcome(money.outcome, activatedAt: now)) }
      } else {
        // Whatever was changed before is found so, one by one.
        for money in run { outcomes.append(try settle(money)) }
      }
    }
    return outcomes
  }

  /// The first orders that can be activated by one statement: paid for, of one group, row after row. At least one.
  private static func run(in money: ArraySlice<VoucherMoney>) -> ArraySlice<VoucherMoney> {
    guard let first = money.first, first.outcome.isSettled else { return money.prefix(1) }
    var end = money.startIndex + 1
    while end < money.endIndex, money[end].sequence == money[end - 1].sequence + 1, money[end].outcome.isSettled,
      money[end].groupCode == first.groupCode
    {
      end += 1
    }
    return money[..<end]
  }

  /// Activates a run of new vouchers; answers whether all of them were waiting for it.
  private mutating func activate(_ run: ArraySlice<VoucherMoney>) throws -> Bool {
    guard let first = run.first, let last = run.last else { return true }
    try bindActivation(activateRun, group: first.groupCode)
    activateRun.bind(first.sequence, at: 4)
    activateRun.bind(last.sequence, at: 5)
    activateRun.bind(Int(VoucherLifecycle.State.preActivated.rawValue), at: 6)
    try activateRun.run()
    return activateRun.changes == run.count
  }

  private mutating func settle(_ money: VoucherMoney) throws -> SubmitOutcome {
    switch money.outcome {
    case .settled(let settlement): try activate(money, settlement)
    case .rejected: try discard(money)
    case .accepted, .inDoubt, .notSent: money.outcome
    }
  }

  private mutating func activate(_ money: VoucherMoney, _ settlement: Settlement) throws -> SubmitOutcome {
    try bindActivation(activate, group: money.groupCode)
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

  /// Binds the state, the time of the activation and the expiry, which come first in both statements.
  private mutating func bindActivation(_ statement: BulkStatement, group code: String) throws {
    guard let (_, group) = try groups.find(code) else { throw VoucherError.noSuchGroup(code) }
    var life = VoucherLifecycle(state: .preActivated)
    precondition(life.handle(.activate) == .reserve, "a pre-activated voucher is activated once its money is reserved")
    let lifetime = Int64(group.expiresAfterDays) * 86_400_000
    statement.bind(Int(life.state.rawValue), at: 1)
    statement.bind(now.millisecondsSinceEpoch, at: 2)
    statement.bind(now.millisecondsSinceEpoch + lifetime, at: 3)
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

  private static func outcome(_ outcome: SubmitOutcome, activatedAt: Timestamp) -> SubmitOutcome {
    if case .settled(let settlement) = outcome { Self.outcome(settlement, activatedAt: activatedAt) } else { outcome }
  }
}

extension SubmitOutcome {
  fileprivate var isSettled: Bool { if case .settled = self { true } else { false } }
}
