internal import Batch
internal import GRDB
internal import Storage

/// Claims as rows, and the lines that they hold.
enum ClaimRows {
  /// A claim that was just written: its fence, and the positions between which its lines stand.
  struct Claimed: Sendable {
    let fence: Int64
    let first: Int
    let last: Int
  }

  /// Claims the next positions that nobody has claimed; passes ranges over in which every line was refused.
  static func claimRange(
    _ count: Int, of batch: BatchNumber, for owner: ClaimOwner, at now: Timestamp, in db: Database
  ) throws -> Claimed? {
    guard try isDispatchable(batch, in: db) else { return nil }
    let row = try db.bulk("SELECT next_position, line_count FROM batch WHERE id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    var first = row.int(0)
    let lineCount = row.int(1)
    row.reset()
    while first < lineCount {
      let end = min(first + max(1, count), lineCount)
      let remaining = end - first - (try outcomeCount(from: first, to: end, of: batch, in: db))
      let fence = remaining == 0 ? nil : try insert(batch, (first, end - 1), remaining, owner, now, in: db)
      if fence != nil || end == lineCount {
        let update = try db.bulk("UPDATE batch SET next_position = ? WHERE id = ?")
        update.bind(end, at: 1)
        update.bind(batch.rawValue, at: 2)
        try update.run()
      }
      if let fence { return Claimed(fence: fence, first: first, last: end - 1) }
      first = end
    }
    return nil
  }

  /// Claims lines that wait for an answer or for another try, and so takes them out of the claim that had them.
  static func claimUnresolved(
    _ count: Int, of batch: BatchNumber, after position: Int?, for owner: ClaimOwner, at now: Timestamp,
    in db: Database
  ) throws -> Claimed? {
    // Of a held batch only what may have been sent: it is to be asked for, whatever holds the rest.
    let first = try isDispatchable(batch, in: db) ? InstructionLifecycle.State.admitted : .sent
    let rows = try db.bulk(
      """
      SELECT id, state FROM outcome
      WHERE id > ? AND id < ? AND state < 4 AND state >= \(first.rawValue) ORDER BY id LIMIT ?
      """)
    rows.bind(JournalSchema.key(batch, 0) + Int64(position ?? -1), at: 1)
    rows.bind(JournalSchema.key(batch, JournalSchema.maximumLines), at: 2)
    rows.bind(max(1, count), at: 3)
    var taken: [(key: Int64, state: InstructionLifecycle.State)] = []
    while try rows.step() {
      var life = InstructionLifecycle(state: try OutcomeRow.state(rows.int64(1)))
      // A line that is claimed already, to be sent again, is taken over by the same owner.
      let isHeld = life.state == .claimed
      guard isHeld || life.handle(.claimed) != .refuse else {
        throw JournalError.impossible("an open line that can't be claimed")
      }
      taken.append((rows.int64(0), life.state))
    }
    guard let first = taken.first?.key, let last = taken.last?.key else { return nil }
    let fence = try insert(batch, nil, 0, owner, now, in: db)
    let update = try db.bulk("UPDATE outcome SET claim = ?, state = ? WHERE id = ?")
    for line in taken {
      update.bind(fence, at: 1)
      update.bind(Int64(line.state.rawValue), at: 2)
      update.bind(line.key, at: 3)
      try update.run()
    }
    return Claimed(
      fence: fence, first: JournalSchema.position(ofKey: first), last: JournalSchema.position(ofKey: last))
  }

  /// The lines of a fresh range claim: those without an outcome.
  static func unclaimedLines(from first: Int, through last: Int, of batch: BatchNumber, in db: Database) throws
    -> [ClaimedInstruction]
  {
    let rows = try db.bulk(
      """
      SELECT \(InstructionRow.columns) FROM instruction i
      WHERE i.id >= ? AND i.id <= ? AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.id = i.id) ORDER BY i.id
      """)
    rows.bind(JournalSchema.key(batch, first), at: 1)
    rows.bind(JournalSchema.key(batch, last), at: 2)
    var lines: [ClaimedInstruction] = []
    lines.reserveCapacity(last - first + 1)
    var row = InstructionRow()
    let life = InstructionLifecycle(state: .claimed)
    while try rows.step() {
      lines.append(ClaimedInstruction(instruction: try row.read(rows), attempt: 1, life: life))
    }
    return lines
  }

  /// The lines of a claim of unresolved ones.
  static func unresolvedLines(
    of fence: Int64, from first: Int, through last: Int, in batch: BatchNumber, in db: Database
  ) throws -> [ClaimedInstruction] {
    let rows = try db.bulk(
      """
      SELECT \(InstructionRow.columns), o.state, o.attempt FROM outcome o JOIN instruction i ON i.id = o.id
      WHERE o.id >= ? AND o.id <= ? AND o.state < 4 AND o.claim = ? ORDER BY o.id
      """)
    rows.bind(JournalSchema.key(batch, first), at: 1)
    rows.bind(JournalSchema.key(batch, last), at: 2)
    rows.bind(fence, at: 3)
    var lines: [ClaimedInstruction] = []
    var row = InstructionRow()
    while try rows.step() {
      let life = InstructionLifecycle(state: try OutcomeRow.state(rows.int64(InstructionRow.columnCount)))
      lines.append(
        ClaimedInstruction(
          instruction: try row.read(rows), attempt: rows.int(InstructionRow.columnCount + 1), life: life))
    }
    return lines
  }

  /// Whether lines may be claimed now: `false` for a batch that is held.
  private static func isDispatchable(_ batch: BatchNumber, in db: Database) throws -> Bool {
    let life = try BatchRow.life(of: batch, in: db)
    guard life.isUnfinished else {
      throw JournalError.impossible("batch \(batch.rawValue) is \(life.state), its lines can't be claimed")
    }
    return life.isDispatchable
  }

  private static func outcomeCount(from first: Int, to end: Int, of batch: BatchNumber, in db: Database) throws -> Int {
    let row = try db.bulk("SELECT count(*) FROM outcome WHERE id >= ? AND id < ?")
    row.bind(JournalSchema.key(batch, first), at: 1)
    row.bind(JournalSchema.key(batch, end), at: 2)
    guard try row.step() else { return 0 }
    defer { row.reset() }
    return row.int(0)
  }

  private static func insert(
    _ batch: BatchNumber, _ range: (Int, Int)?, _ remaining: Int, _ owner: ClaimOwner, _ now: Timestamp,
    in db: Database
  ) throws -> Int64 {
    let insert = try db.bulk(
      "INSERT INTO claim (batch, first, last, remaining, owner, claimed_at) VALUES (?,?,?,?,?,?)")
    insert.bind(batch.rawValue, at: 1)
    insert.bind(range.map { Int64($0.0) }, at: 2)
    insert.bind(range.map { Int64($0.1) }, at: 3)
    insert.bind(remaining, at: 4)
    insert.bind(owner.rawValue, at: 5)
    insert.bind(now.millisecondsSinceEpoch, at: 6)
    try insert.run()
    return db.lastInsertedRowID
  }
}
