internal import Batch
internal import Storage
internal import Wallet

/// What is written of one event in an instruction's life.
struct OutcomeRow {
  var reference: TransferReference?
  var transactionID: String?
  var completedAt: Timestamp?
  var reason: Reason?

  /// What `event` tells, learnt at `now`.
  init(_ event: InstructionLifecycle.Event, reference: TransferReference?, at now: Timestamp) {
    self.reference = reference
    switch event {
    case .claimed, .ownerLost, .released, .settledByHand: break
    case .refused(let reason): reject(reason, now)
    case .answered(.accepted), .enquired(.pending), .enquired(.unknown): break
    case .answered(.settled(let settlement)), .enquired(.settled(let settlement)):
      transactionID = settlement.financialTransactionID
      completedAt = settlement.completedAt
    case .answered(.rejected(let reason)), .enquired(.rejected(let reason)): reject(reason, now)
    case .answered(.inDoubt(let text)), .enquired(.inDoubt(let text)): reason = Reason(.walletTimeout, text)
    case .answered(.notSent(let text)): reason = Reason(.walletTimeout, text)
    }
  }

  private mutating func reject(_ reason: Reason, _ now: Timestamp) {
    self.reason = reason
    completedAt = now
  }

  /// The state that a row holds.
  static func state(_ raw: Int64) throws -> InstructionLifecycle.State {
    guard let byte = UInt8(exactly: raw), let state = InstructionLifecycle.State(rawValue: byte) else {
      throw JournalError.impossible("an instruction in the unknown state \(raw)")
    }
    return state
  }

  static let insert = """
    INSERT INTO outcome (id, state, attempt, claim, reference, transaction_id, completed_at, reason_code, reason)
    VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING
    """

  /// Binds a first outcome to `insert`.
  func bind(key: Int64, state: InstructionLifecycle.State, attempt: Int, claim: Int64?, to row: BulkStatement) {
    row.bind(key, at: 1)
    row.bind(Int64(state.rawValue), at: 2)
    row.bind(attempt, at: 3)
    row.bind(claim, at: 4)
    bindRest(from: 5, to: row)
  }

  // A repetition that learns no reference does not forget the one that is known; a refusal without one says that the
  // wallet has none.
  static let update = """
    UPDATE outcome SET state = ?1, attempt = ?2, reference = iif(?1 = 5, ?3, coalesce(?3, reference)),
      transaction_id = ?4, completed_at = ?5, reason_code = ?6, reason = ?7
    WHERE id = ?8
    """

  /// Binds a later outcome to `update`.
  func bind(key: Int64, state: InstructionLifecycle.State, attempt: Int, to row: BulkStatement) {
    row.bind(Int64(state.rawValue), at: 1)
    row.bind(attempt, at: 2)
    bindRest(from: 3, to: row)
    row.bind(key, at: 8)
  }

  private func bindRest(from index: Int32, to row: BulkStatement) {
    if let reference {
      row.bind(high: reference.high, low: reference.low, at: index)
    } else {
      row.bindNull(at: index)
    }
    row.bind(transactionID, at: index + 1)
    row.bind(completedAt?.millisecondsSinceEpoch, at: index + 2)
    row.bind(reason?.code.rawValue, at: index + 3)
    row.bind(reason?.message, at: index + 4)
  }
}
