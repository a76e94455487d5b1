internal import Batch
internal import GRDB
internal import Storage

/// A line that an operator settles.
enum HandSettlementRow {
  /// Writes the settlement and answers the line's instruction ID, and where its life stood before.
  static func settle(_ settlement: HandSettlement, of batch: BatchNumber, at now: Timestamp, in db: Database) throws
    -> (instructionID: String, before: InstructionLifecycle.State)
  {
    let key = JournalSchema.key(batch, settlement.position)
    let find = try db.bulk(
      """
      SELECT i.instruction_id, i.amount, i.currency, o.state FROM instruction i LEFT JOIN outcome o ON o.id = i.id
      WHERE i.id = ?
      """)
    find.bind(key, at: 1)
    guard settlement.position >= 0, try find.step() else {
      throw JournalError.notAllowed("batch \(batch.rawValue) has no line \(settlement.position)")
    }
    let instructionID = find.text(0)
    let (amount, currency) = (find.optionalInt64(1), find.optionalText(2))
    let before = try find.optionalInt64(3).map(OutcomeRow.state) ?? .admitted
    find.reset()
    var life = InstructionLifecycle(state: before)
    guard life.handle(.settledByHand) == .finish, let amount, let currency else {
      throw JournalError.notAllowed(
        "the instruction \(instructionID) is \(before): only one that failed, or is in doubt, can be settled by hand")
    }
    let update = try db.bulk(
      """
      UPDATE outcome SET state = ?, transaction_id = ?, completed_at = ?, reason_code = NULL, reason = NULL, by_hand = ?
      WHERE id = ?
      """)
    update.bind([
      .integer(Int64(life.state.rawValue)), settlement.receipt.map { .text($0) } ?? .null,
      .integer(now.millisecondsSinceEpoch), .text(settlement.note), .integer(key),
    ])
    try update.run()
    var tallies = try Tallies(of: batch, in: db)
    try tallies.settleByHand(amount, currency: currency, from: before)
    try tallies.store(in: db)
    return (instructionID, before)
  }
}
