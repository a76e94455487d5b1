internal import Batch
internal import GRDB
internal import Storage

/// Between which instants the lines of a block ended: what lets an enquiry for a time pass most blocks over.
enum OutcomeSpan {
  /// Whether a block can be sealed that is not, or a sealed one has changed.
  static func isDue(in db: Database) throws -> Bool {
    if try Int.fetchOne(db, sql: "SELECT 1 FROM outcome_span INDEXED BY outcome_span_due WHERE is_due = 1 LIMIT 1")
      != nil
    {
      return true
    }
    for front in try fronts(in: db) where try measure(front, in: db) != nil { return true }
    return false
  }

  /// Seals blocks of at most `limit` lines; answers how many lines those have.
  static func seal(atMost limit: Int, in db: Database) throws -> Int {
    var lineCount = 0
    for block in try stale(atMost: limit / EnquirySchema.blockLength + 1, in: db) where lineCount < limit {
      guard let span = try measure(block, in: db) else {
        throw JournalError.impossible("a line without an outcome in a block that was sealed")
      }
      try store(span, of: block, in: db)
      lineCount += block.lineCount
    }
    for front in try fronts(in: db) {
      var block = front
      while lineCount < limit, block.lineCount > 0, let span = try measure(block, in: db) {
        try store(span, of: block, in: db)
        lineCount += block.lineCount
        block.index += 1
      }
      guard block.index > front.index else { continue }
      try db.execute(
        sql: "UPDATE batch SET sealed_blocks = ? WHERE id = ?", arguments: [block.index, block.batch.rawValue])
    }
    return lineCount
  }

  /// The parts of a batch in which lines can be that ended within the query's window or, when `withOpen`, have not
  /// ended; they ascend and don't touch each other.
  static func ranges(of batch: EnquiredBatch, for query: LineQuery, withOpen: Bool, in db: Database) throws
    -> [ClosedRange<Int64>]
  {
    let rows = try db.bulk(
      """
      SELECT block FROM outcome_span WHERE block >= ? AND block < ?
        AND (is_due OR (first_end < ? AND last_end >= ?) OR (? AND open_count > 0))
      ORDER BY block
      """)
    let keys = batch.keys
    let front = JournalSchema.key(batch.number, batch.sealedBlocks * EnquirySchema.blockLength)
    rows.bind(keys.lowerBound >> EnquirySchema.blockBits, at: 1)
    rows.bind(front >> EnquirySchema.blockBits, at: 2)
    rows.bind(query.end, at: 3)
    rows.bind(query.start, at: 4)
    rows.bind(withOpen ? 1 : 0, at: 5)
    var ranges: [ClosedRange<Int64>] = []
    func add(_ first: Int64, _ last: Int64) {
      if let before = ranges.last, before.upperBound + 1 == first {
        ranges[ranges.count - 1] = before.lowerBound...last
      } else {
        ranges.append(first...last)
      }
    }
    while try rows.step() {
      let first = rows.int64(0) << EnquirySchema.blockBits
      add(first, min(first + Int64(EnquirySchema.blockLength) - 1, keys.upperBound))
    }
    if front <= keys.upperBound { add(front, keys.upperBound) }
    return ranges
  }

  private struct Block {
    let batch: BatchNumber
    var index: Int
    let batchLineCount: Int
    var first: Int { index * EnquirySchema.blockLength }
    var lineCount: Int { max(0, min(EnquirySchema.blockLength, batchLineCount - first)) }
    var number: Int64 { JournalSchema.key(batch, first) >> EnquirySchema.blockBits }
  }

  private struct Span {
    let first: Int64?
    let last: Int64?
    let openCount: Int
  }

  private static func stale(atMost limit: Int, in db: Database) throws -> [Block] {
    let rows = try db.bulk(
      """
      SELECT s.block, b.line_count FROM outcome_span s INDEXED BY outcome_span_due JOIN batch b ON b.id = s.block >> 20
      WHERE s.is_due = 1 LIMIT ?
      """)
    rows.bind(limit, at: 1)
    var blocks: [Block] = []
    while try rows.step() {
      let key = rows.int64(0) << EnquirySchema.blockBits
      blocks.append(
        Block(
          batch: JournalSchema.batch(ofKey: key),
          index: JournalSchema.position(ofKey: key) / EnquirySchema.blockLength, batchLineCount: rows.int(1)))
    }
    return blocks
  }

  /// The first block of each batch that was never sealed.
  private static func fronts(in db: Database) throws -> [Block] {
    let rows = try db.bulk(
      """
      SELECT id, sealed_blocks, line_count FROM batch INDEXED BY batch_unsealed
      WHERE \(EnquirySchema.isTold) AND line_count > sealed_blocks << 12 ORDER BY id
      """)
    var fronts: [Block] = []
    while try rows.step() {
      fronts.append(
        Block(batch: BatchNumber(rawValue: rows.int64(0)), index: rows.int(1), batchLineCount: rows.int(2)))
    }
    return fronts
  }

  /// What is to be known of a block; `nil` while a line of it has no outcome.
  private static func measure(_ block: Block, in db: Database) throws -> Span? {
    let row = try db.bulk(
      """
      SELECT count(*), min(completed_at), max(completed_at), count(*) - count(completed_at) FROM outcome
      WHERE id >= ? AND id < ?
      """)
    let first = JournalSchema.key(block.batch, block.first)
    row.bind(first, at: 1)
    row.bind(first + Int64(EnquirySchema.blockLength), at: 2)
    guard try row.step() else { return nil }
    defer { row.reset() }
    guard row.int(0) == block.lineCount else { return nil }
    return Span(first: row.optionalInt64(1), last: row.optionalInt64(2), openCount: row.int(3))
  }

  private static func store(_ span: Span, of block: Block, in db: Database) throws {
    let write = try db.bulk(
      """
      INSERT OR REPLACE INTO outcome_span (block, first_end, last_end, open_count, is_due) VALUES (?,?,?,?,0)
      """)
    write.bind(block.number, at: 1)
    write.bind(span.first, at: 2)
    write.bind(span.last, at: 3)
    write.bind(span.openCount, at: 4)
    try write.run()
  }
}
