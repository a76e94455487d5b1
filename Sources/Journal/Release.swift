internal import Batch
internal import GRDB
internal import Storage

/// New attempts at lines that a wallet rejected.
struct Release {
  private let batch: BatchNumber
  private let state: BatchLifecycle.State
  private var tallies: Tallies

  init(of batch: BatchNumber, in db: Database) throws {
    self.batch = batch
    state = try BatchRow.advance(batch, by: .released, in: db)
    tallies = try Tallies(of: batch, in: db)
  }

  /// The lines that a wallet rejected, in their order; those that were refused at admission are not among them, nor
  /// those that an operator cancelled: who wants one of these paid after all names it.
  static func rejectedPositions(of batch: BatchNumber, in db: Database) throws -> [Int] {
    let rows = try db.bulk(
      """
      SELECT id FROM outcome
      WHERE id >= ? AND id < ? AND state = ? AND claim IS NOT NULL AND reason_code <> ? ORDER BY id
      """)
    rows.bind([
      .integer(JournalSchema.key(batch, 0)), .integer(JournalSchema.key(batch, JournalSchema.maximumLines)),
      .integer(Int64(InstructionLifecycle.State.rejected.rawValue)), .text(ReasonCode.cancelled.rawValue),
    ])
    var positions: [Int] = []
    while try rows.step() { positions.append(JournalSchema.position(ofKey: rows.int64(0))) }
    return positions
  }

  consuming func run(_ positions: [Int], in db: Database) throws -> Int {
    // `claim` tells a wallet's rejection from a refusal at admission.
    let find = try db.bulk(
      """
      SELECT o.state, o.attempt, i.amount, i.currency, o.reference IS NOT NULL FROM outcome o JOIN instruction i ON i.id = o.id
      WHERE o.id = ? AND o.claim IS NOT NULL
      """)
    let update = try db.bulk(
      """
      UPDATE outcome SET state = ?, attempt = ?, claim = NULL, reference = NULL, transaction_id = NULL,
        completed_at = NULL, reason_code = NULL, reason = NULL
      WHERE id = ?
      """)
    var count = 0
    for position in positions.sorted() {
      let key = JournalSchema.key(batch, position)
      find.bind(key, at: 1)
      guard try find.step() else { continue }
      defer { find.reset() }
      let before = try OutcomeRow.state(find.int64(0))
      var life = InstructionLifecycle(state: before)
      guard life.handle(.released) != .refuse else { continue }
      // Only who was rejected by the wallet itself gets a new reference. What we refused or ended ourselves was perhaps
      // sent once, and its request may be late: under the same reference the wallet takes it once.
      let attempt = find.int64(1) + (find.int64(4) != 0 ? 1 : 0)
      update.bind([.integer(Int64(life.state.rawValue)), .integer(attempt), .integer(key)])
      try update.run()
      try tallies.move(find.int64(2), currency: find.text(3), from: before, to: life.state)
      count += 1
    }
    guard count > 0 else { return 0 }
    try tallies.store(in: db)
    try db.execute(
      sql: "UPDATE batch SET state = ? WHERE id = ?", arguments: [Int64(state.rawValue), batch.rawValue])
    return count
  }
}
