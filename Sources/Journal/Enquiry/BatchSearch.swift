internal import Batch
internal import GRDB
internal import Storage

/// A page of batches.
enum BatchSearch {
  static func page(_ query: BatchQuery, in db: Database) throws -> [BatchRecord] {
    query.needsLines ? try pageByLines(query, in: db) : try page(query, nil, limit: query.limit, in: db)
  }

  private static func page(_ query: BatchQuery, _ number: BatchNumber?, limit: Int, in db: Database) throws
    -> [BatchRecord]
  {
    var condition = LineCondition()
    condition.require("p.name = ?", query.partner.map { .text($0) })
    condition.require("b.batch_id = ?", query.batchID.map { .text($0) })
    condition.require("b.program_id = ?", query.programID.map { .text($0) })
    condition.require("b.state = ?", query.state.map { .integer(Int64($0.rawValue)) })
    condition.require("b.kind = ?", query.kind.map { .integer(Int64($0.rawValue)) })
    condition.require("b.file = ?", query.file.map { .text($0) })
    condition.require("b.decided_at >= ?", query.from.map { .integer($0.millisecondsSinceEpoch) })
    condition.require("b.decided_at < ?", query.to.map { .integer($0.millisecondsSinceEpoch) })
    condition.require("b.id < ?", query.before.map { .integer($0.rawValue) })
    condition.require("(b.hold IS NOT NULL) = ?", query.isHeld ? .integer(1) : nil)
    condition.require("b.id = ?", number.map { .integer($0.rawValue) })
    return try BatchRow.fetch(where: "TRUE\(condition.text)", condition.values, limit: limit, in: db)
  }

  /// Batches with a line to a payee: each such line leads to its batch, and from there behind it.
  private static func pageByLines(_ query: BatchQuery, in db: Database) throws -> [BatchRecord] {
    var lines = LineQuery()
    lines.partner = query.partner
    lines.batchID = query.batchID
    lines.programID = query.programID
    lines.payeeID = query.payeeID
    lines.payeeFunctionalID = query.payeeFunctionalID
    lines.order = .newestFirst
    lines.limit = 1
    lines.after = query.before.map(Self.end)
    var records: [BatchRecord] = []
    while records.count < query.limit {
      let page = try LineSearch.page(lines, in: db)
      guard let line = page.lines.first else {
        guard let next = page.next else { break }
        lines.after = next
        continue
      }
      records += try Self.page(query, line.batch, limit: 1, in: db)
      lines.after = Self.end(of: line.batch)
    }
    return records
  }

  /// Before every line of `batch`: on the way back, what is older comes next.
  private static func end(of batch: BatchNumber) -> LineCursor {
    LineCursor(batch: batch, position: 0, order: .newestFirst)
  }
}
