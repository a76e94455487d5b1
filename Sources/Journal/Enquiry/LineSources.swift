internal import Batch
internal import GRDB
internal import Storage

/// Where the keys of lines come from, for one query: each source is an index, or a scan of as few lines as can be.
struct LineSources {
  let query: LineQuery
  /// The states that can be meant.
  let states: Set<InstructionLifecycle.State>
  /// What is not passed over by the cursor.
  let bounds: ClosedRange<Int64>
  let budget: ScanBudget
  let db: Database

  private static let ended: Set<InstructionLifecycle.State> = [.settled, .rejected]
  private static let all = Set(InstructionLifecycle.State.allCases)

  var isAscending: Bool { query.order == .batchOrder }
  private var direction: String { isAscending ? "ASC" : "DESC" }
  private var chunk: Int { min(max(query.limit + 1, 64), 1_024) }

  // MARK: A batch's lines

  /// The lines of `batch` that are meant, for a query that no term narrows.
  func streams(of batch: EnquiredBatch) throws -> [KeyStream] {
    var wanted = states
    let isAdmissionMeant = batch.decidedAt >= query.start && batch.decidedAt < query.end
    if !isAdmissionMeant { wanted.formIntersection(Self.ended) }
    if wanted.isEmpty { return [] }
    let isOpenMeant = !wanted.isSubset(of: Self.ended)
    if wanted.contains(.settled) {
      let ranges =
        query.hasWindow
        ? try OutcomeSpan.ranges(of: batch, for: query, withOpen: isOpenMeant, in: db) : [batch.keys]
      return [isOpenMeant ? lines(of: batch, ranges, wanted) : ends(ranges, wanted)]
    }
    var streams: [KeyStream] = []
    if wanted.contains(.rejected) { streams.append(failures(within: batch.keys)) }
    if isOpenMeant {
      streams.append(unsettled(within: batch.keys, wanted))
      // What has no outcome has no reason either.
      if query.reason == nil { streams += try untouched(of: batch, wanted) }
    }
    return streams
  }

  /// Every line, with its outcome if it has one.
  private func lines(
    of batch: EnquiredBatch, _ ranges: [ClosedRange<Int64>], _ wanted: Set<InstructionLifecycle.State>
  ) -> KeyStream {
    let condition = condition(of: batch, wanted)
    return stream(
      "SELECT i.id FROM instruction i LEFT JOIN outcome o ON o.id = i.id WHERE i.id >= ? AND i.id <= ?", by: "i.id",
      condition, ranges, isScan: true)
  }

  /// Lines that have ended, by the outcome alone.
  private func ends(_ ranges: [ClosedRange<Int64>], _ wanted: Set<InstructionLifecycle.State>) -> KeyStream {
    var condition = LineCondition()
    condition.require("o.state IN (\(Self.list(wanted)))")
    condition.requireEnd(in: query)
    condition.require("o.reason_code = ?", query.reason.map { .text($0.rawValue) })
    return stream(
      "SELECT o.id FROM outcome o WHERE o.id >= ? AND o.id <= ?", by: "o.id", condition, ranges, isScan: true)
  }

  /// Rejected lines: few, and all that is asked of them is in their index.
  private func failures(within keys: ClosedRange<Int64>) -> KeyStream {
    var condition = LineCondition()
    condition.requireEnd(in: query)
    condition.require("o.reason_code = ?", query.reason.map { .text($0.rawValue) })
    return stream(
      "SELECT o.id FROM outcome o INDEXED BY outcome_failed WHERE o.state = 5 AND o.id >= ? AND o.id <= ?", by: "o.id",
      condition, [keys])
  }

  /// Lines with an outcome that is not final.
  private func unsettled(within keys: ClosedRange<Int64>, _ wanted: Set<InstructionLifecycle.State>) -> KeyStream {
    var condition = LineCondition()
    condition.require("o.state IN (\(Self.list(wanted.subtracting(Self.ended))))")
    condition.require("o.reason_code = ?", query.reason.map { .text($0.rawValue) })
    return stream(
      "SELECT o.id FROM outcome o INDEXED BY outcome_open WHERE o.state < 4 AND o.id >= ? AND o.id <= ?", by: "o.id",
      condition, [keys])
  }

  /// Lines without an outcome: those that live claims hold, and those that nobody has claimed.
  private func untouched(of batch: EnquiredBatch, _ wanted: Set<InstructionLifecycle.State>) throws -> [KeyStream] {
    var ranges: [ClosedRange<Int64>] = []
    if wanted.contains(.claimed) {
      // Ranges are claimed from the first position on, so they ascend as their fences do.
      let claims = try db.bulk(
        """
        SELECT first, last FROM claim
        WHERE batch = ? AND is_expired = 0 AND remaining > 0 AND first IS NOT NULL ORDER BY fence
        """)
      claims.bind(batch.number.rawValue, at: 1)
      while try claims.step() {
        ranges.append(JournalSchema.key(batch.number, claims.int(0))...JournalSchema.key(batch.number, claims.int(1)))
      }
    }
    if wanted.contains(.admitted), batch.nextPosition < batch.lineCount {
      ranges.append(batch.nextKey...batch.keys.upperBound)
    }
    if ranges.isEmpty { return [] }
    var condition = LineCondition()
    condition.require("NOT EXISTS (SELECT 1 FROM outcome o WHERE o.id = i.id)")
    return [
      stream(
        "SELECT i.id FROM instruction i WHERE i.id >= ? AND i.id <= ?", by: "i.id", condition, ranges, isScan: true)
    ]
  }

  // MARK: By a term

  /// Lines that may have the instruction's ID, the payee or the beneficiary that the query names; `nil` when it names
  /// none. They are to be looked at one by one: see `isMeant`.
  func termStreams(in scope: BatchScope) throws -> [KeyStream]? {
    if let instructionID = query.instructionID {
      return try runs(of: EnquiryTerm.repeated(instructionID)) + [users(of: instructionID)] + unindexed(in: scope)
    }
    guard let payee = query.payeeID ?? query.payeeFunctionalID else { return nil }
    return try runs(of: EnquiryTerm.payee(payee)) + unindexed(in: scope)
  }

  /// Lines that alone can be meant, whatever their term: for a payee of very many payments of which few failed. `nil` for
  /// a query that any line may answer.
  func narrowingStreams() -> [KeyStream]? {
    // What has no outcome is in no index, so an open line is narrowed only by a reason.
    guard query.reason != nil || states == [.rejected] else { return nil }
    var streams: [KeyStream] = []
    if states.contains(.rejected) { streams.append(failures(within: bounds)) }
    if !states.isSubset(of: Self.ended) { streams.append(unsettled(within: bounds, states)) }
    return streams
  }

  private func runs(of term: Int64) throws -> [KeyStream] {
    let runs = try Int64.fetchAll(db, sql: "SELECT run FROM enquiry_run ORDER BY run")
    return runs.map { run in
      var condition = LineCondition()
      condition.require("t.run = ?", .integer(run))
      condition.require("t.term = ?", .integer(term))
      return stream(
        "SELECT t.id FROM enquiry_term t WHERE t.id >= ? AND t.id <= ?", by: "t.id", condition, [0...(.max)])
    }
  }

  private func users(of instructionID: String) -> KeyStream {
    var condition = LineCondition()
    condition.require("u.instruction_id = ?", .text(instructionID))
    return stream(
      "SELECT u.id FROM partner p CROSS JOIN used_id u ON u.partner = p.id WHERE u.id >= ? AND u.id <= ?", by: "u.id",
      condition, [0...(.max)])
  }

  /// Lines that no run has yet: an admission of this instant, or a disk that takes no index.
  private func unindexed(in scope: BatchScope) throws -> [KeyStream] {
    try scope.unindexed(within: numbers, in: db).map { batch in
      let first = JournalSchema.key(batch.number, batch.termCount)
      return lines(of: batch, [first...batch.keys.upperBound], states)
    }
  }

  /// Whether everything that the query asks for is true of one line.
  func isMeant(_ key: Int64, of batch: EnquiredBatch) throws -> Bool {
    let condition = condition(of: batch, states)
    let row = try db.bulk(
      "SELECT 1 FROM instruction i LEFT JOIN outcome o ON o.id = i.id WHERE i.id = ?\(condition.text)")
    row.bind([.integer(key)] + condition.values)
    defer { row.reset() }
    return try row.step()
  }

  // MARK: Parts

  /// The numbers of the batches within the bounds.
  var numbers: ClosedRange<Int64> { (bounds.lowerBound >> 32)...(bounds.upperBound >> 32) }

  private func condition(of batch: EnquiredBatch, _ wanted: Set<InstructionLifecycle.State>) -> LineCondition {
    var condition = LineCondition()
    if wanted != Self.all {
      condition.require("coalesce(o.state, i.id < ?) IN (\(Self.list(wanted)))", .integer(batch.nextKey))
    }
    if query.hasWindow {
      let time = "coalesce(o.completed_at, ?)"
      condition.require("\(time) >= ?", .integer(batch.decidedAt), .integer(query.start))
      condition.require("\(time) < ?", .integer(batch.decidedAt), .integer(query.end))
    }
    condition.require("o.reason_code = ?", query.reason.map { .text($0.rawValue) })
    condition.require("i.payee = ?", query.payeeID.map { .text($0) })
    condition.require(
      "i.order_kind >= \(InstructionRow.functional) AND i.payee = ?", query.payeeFunctionalID.map { .text($0) })
    condition.require("i.instruction_id = ?", query.instructionID.map { .text($0) })
    return condition
  }

  private static func list(_ states: Set<InstructionLifecycle.State>) -> String {
    states.map(\.rawValue).sorted().map(String.init).joined(separator: ",")
  }

  private func stream(
    _ select: String, by key: String, _ condition: LineCondition, _ ranges: [ClosedRange<Int64>], isScan: Bool = false
  ) -> KeyStream {
    let sql = "\(select)\(condition.text) ORDER BY \(key) \(direction) LIMIT ?"
    let clamped = ranges.filter { $0.overlaps(bounds) }.map { $0.clamped(to: bounds) }
    return KeyStream(clamped, isAscending: isAscending, chunk: chunk, scanning: isScan ? budget : nil) { range, limit in
      let rows = try db.bulk(sql)
      rows.bind(
        [.integer(range.lowerBound), .integer(range.upperBound)] + condition.values + [.integer(Int64(limit))])
      var keys: [Int64] = []
      while try rows.step() { keys.append(rows.int64(0)) }
      return keys
    }
  }
}

/// Conditions with their values, in the order in which they stand in the statement.
struct LineCondition {
  private(set) var text = ""
  private(set) var values: [SQLValue] = []

  mutating func require(_ condition: String, _ values: SQLValue...) {
    text += " AND \(condition)"
    self.values += values
  }

  /// Nothing, for a value that the query does not name.
  mutating func require(_ condition: String, _ value: SQLValue?) {
    if let value { require(condition, [value][0]) }
  }

  /// The end of a line within the query's window.
  mutating func requireEnd(in query: LineQuery) {
    require("o.completed_at >= ?", query.from.map { .integer($0.millisecondsSinceEpoch) })
    require("o.completed_at < ?", query.to.map { .integer($0.millisecondsSinceEpoch) })
  }
}
