internal import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// Lines as they are read for results and enquiries: the instruction with what is known of it.
enum LineRows {
  // A line without an outcome is in some claim's hands when the batch's claims have passed it.
  private static let columns = """
    \(InstructionRow.columns), o.state, o.attempt, o.claim, o.reference, o.transaction_id, o.completed_at, \
    o.reason_code, o.reason, o.by_hand
    """
  /// The lines of `batch` at the positions from `position`, at most `count`.
  static func page(of batch: BatchNumber, from position: Int, count: Int, in db: Database) throws -> [JournalLine] {
    let rows = try db.bulk(
      """
      SELECT \(columns) FROM instruction i LEFT JOIN outcome o ON o.id = i.id
      WHERE i.id >= ? AND i.id < ? ORDER BY i.id
      """)
    // Positions are dense, so a range of them is a page.
    let first = min(max(0, position), JournalSchema.maximumLines)
    let end = min(first + max(0, min(count, JournalSchema.maximumLines)), JournalSchema.maximumLines)
    rows.bind(JournalSchema.key(batch, first), at: 1)
    rows.bind(JournalSchema.key(batch, end), at: 2)
    return try read(rows, of: batch, atMost: end - first, in: db)
  }

  /// One line by its key.
  static func line(_ key: Int64, of batch: BatchNumber, nextPosition: Int, in db: Database) throws -> JournalLine {
    let rows = try db.bulk(
      "SELECT \(columns) FROM instruction i LEFT JOIN outcome o ON o.id = i.id WHERE i.id = ?")
    rows.bind(key, at: 1)
    guard try rows.step() else { throw JournalError.impossible("an index with a line that is not there") }
    defer { rows.reset() }
    var row = InstructionRow()
    return try line(rows, &row, batch, nextPosition)
  }

  /// The lines of `batch` under an ID; when the index has the one that owns it, the others are not looked for.
  static func called(_ instructionID: String, of batch: BatchNumber, in db: Database) throws -> [JournalLine] {
    func find(_ source: String) throws -> [JournalLine] {
      let rows = try db.bulk(
        """
        SELECT \(columns) FROM \(source) LEFT JOIN outcome o ON o.id = i.id
        WHERE i.id >= ?1 AND i.id < ?2 AND i.instruction_id = ?3 ORDER BY i.id
        """)
      rows.bind([
        .integer(JournalSchema.key(batch, 0)), .integer(JournalSchema.key(batch, JournalSchema.maximumLines)),
        .text(instructionID),
      ])
      return try read(rows, of: batch, atMost: 1, in: db)
    }
    let owners = try find(
      """
      used_id u JOIN instruction i ON i.id = u.id AND u.instruction_id = ?3
        AND u.partner = (SELECT partner FROM batch WHERE id = ?1 >> 32)
      """)
    return try owners.isEmpty ? find("instruction i") : owners
  }

  private static func read(_ rows: BulkStatement, of batch: BatchNumber, atMost count: Int, in db: Database) throws
    -> [JournalLine]
  {
    let next = try db.bulk("SELECT next_position FROM batch WHERE id = ?")
    next.bind(batch.rawValue, at: 1)
    guard try next.step() else { throw JournalError.noSuchBatch(batch) }
    let nextPosition = next.int(0)
    next.reset()
    var lines: [JournalLine] = []
    lines.reserveCapacity(min(max(0, count), 16_384))
    var row = InstructionRow()
    while try rows.step() {
      lines.append(try line(rows, &row, batch, nextPosition))
    }
    return lines
  }

  private static func line(
    _ rows: BulkStatement, _ row: inout InstructionRow, _ batch: BatchNumber, _ nextPosition: Int
  ) throws -> JournalLine {
    let first = InstructionRow.columnCount
    guard !rows.isNull(first) else {
      let instruction = try row.read(rows)
      let state: InstructionLifecycle.State = instruction.position < nextPosition ? .claimed : .admitted
      return JournalLine(instruction: instruction, attempt: 1, state: state, batch: batch)
    }
    let state = try OutcomeRow.state(rows.int64(first))
    let reason = rows.optionalText(first + 6).map { Reason(ReasonCode(rawValue: $0), rows.text(first + 7)) }
    let isRefusal = state == .rejected && rows.isNull(first + 2)
    var line = JournalLine(
      instruction: try row.read(rows, refusal: isRefusal ? reason : nil), attempt: rows.int(first + 1), state: state,
      batch: batch)
    line.reference = rows.words(first + 3).map { TransferReference(high: $0.high, low: $0.low) }
    line.reason = reason
    line.byHand = rows.optionalText(first + 8)
    line.endedAt = rows.optionalInt64(first + 5).map { Timestamp(millisecondsSinceEpoch: $0) }
    if state == .settled {
      line.settlement = Settlement(
        financialTransactionID: rows.optionalText(first + 4),
        completedAt: Timestamp(millisecondsSinceEpoch: rows.int64(first + 5)))
    }
    return line
  }
}
