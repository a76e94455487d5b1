internal import Batch
internal import GRDB
internal import Storage

/// What an enquiry has to know of a batch before it looks at its lines.
struct EnquiredBatch {
  let number: BatchNumber
  let lineCount: Int
  let nextPosition: Int
  /// When it was admitted, which is the time of the lines that have not ended.
  let decidedAt: Int64
  /// The lines below it are in the index of terms.
  let termCount: Int
  /// The blocks below it have a span.
  let sealedBlocks: Int

  /// The keys of its lines.
  var keys: ClosedRange<Int64> {
    JournalSchema.key(number, 0)...JournalSchema.key(number, max(1, lineCount) - 1)
  }
  /// Lines without an outcome are claimed below it, and admitted from it on.
  var nextKey: Int64 { JournalSchema.key(number, nextPosition) }
}

/// The batches that a query is about: those of which a line can be meant, by what the batch's own row, its tallies and
/// its spans tell.
struct BatchScope {
  private let isAscending: Bool
  private var condition = EnquirySchema.isTold
  private var values: [SQLValue] = []
  private var known: [BatchNumber: EnquiredBatch?] = [:]

  init(_ query: LineQuery, states: Set<InstructionLifecycle.State>) {
    isAscending = query.order == .batchOrder
    require("b.id = ?", query.batch.map { .integer($0.rawValue) })
    require("b.partner = (SELECT id FROM partner WHERE name = ?)", query.partner.map { .text($0) })
    require("b.batch_id = ?", query.batchID.map { .text($0) })
    require("b.program_id = ?", query.programID.map { .text($0) })
    let standings = Set(states.map { Tallies.Standing($0).rawValue })
    if standings.count < Tallies.Standing.allCases.count {
      let list = standings.sorted().map(String.init).joined(separator: ",")
      condition += """
         AND EXISTS (SELECT 1 FROM tally t WHERE t.batch = b.id AND t.standing IN (\(list)) AND t.count > 0)
        """
    }
    if query.hasWindow {
      condition += """
         AND (b.line_count > b.sealed_blocks << 12 OR (b.decided_at >= ? AND b.decided_at < ?) OR EXISTS (
          SELECT 1 FROM outcome_span s WHERE s.block >= b.id << 20 AND s.block < (b.id + 1) << 20
            AND (s.is_due OR (s.first_end < ? AND s.last_end >= ?))))
        """
      values += [.integer(query.start), .integer(query.end), .integer(query.end), .integer(query.start)]
    }
  }

  private mutating func require(_ text: String, _ value: SQLValue?) {
    guard let value else { return }
    condition += " AND \(text)"
    values.append(value)
  }

  /// The first batches within `numbers` in the query's order, at most `limit`.
  func batches(within numbers: ClosedRange<Int64>, atMost limit: Int, in db: Database) throws -> [EnquiredBatch] {
    try fetch("batch b", within: numbers, atMost: limit, in: db)
  }

  /// Those of which some lines are not in the index of terms.
  func unindexed(within numbers: ClosedRange<Int64>, in db: Database) throws -> [EnquiredBatch] {
    try fetch(
      "batch b INDEXED BY batch_unindexed", " AND term_count < line_count", within: numbers, atMost: .max, in: db)
  }

  /// The batch, when the query is about it.
  mutating func batch(_ number: BatchNumber, in db: Database) throws -> EnquiredBatch? {
    if let answer = known[number] { return answer }
    let answer = try batches(within: number.rawValue...number.rawValue, atMost: 1, in: db).first
    known[number] = .some(answer)
    return answer
  }

  private func fetch(
    _ table: String, _ besides: String = "", within numbers: ClosedRange<Int64>, atMost limit: Int, in db: Database
  ) throws -> [EnquiredBatch] {
    let rows = try db.bulk(
      """
      SELECT id, line_count, next_position, decided_at, term_count, sealed_blocks FROM \(table)
      WHERE \(condition)\(besides) AND id >= ? AND id <= ? ORDER BY id \(isAscending ? "ASC" : "DESC") LIMIT ?
      """)
    rows.bind(
      values + [.integer(numbers.lowerBound), .integer(numbers.upperBound), .integer(Int64(clamping: limit))])
    var batches: [EnquiredBatch] = []
    while try rows.step() {
      batches.append(
        EnquiredBatch(
          number: BatchNumber(rawValue: rows.int64(0)), lineCount: rows.int(1), nextPosition: rows.int(2),
          decidedAt: rows.int64(3), termCount: rows.int(4), sealedBlocks: rows.int(5)))
    }
    return batches
  }
}
