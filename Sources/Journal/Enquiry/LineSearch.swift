internal import Batch
internal import GRDB
internal import Storage

/// One page of an enquiry over lines: keys from the sources that fit the query best, then the lines of those keys.
///
/// What a query costs depends on what it finds, not on how much there is. Batches are passed over by their rows, tallies
/// and spans, and within a batch an index leads to the lines that are rejected or open. A scan that nothing narrows ends
/// with its budget, and the next page goes on from there.
struct LineSearch {
  private static let batchesAtOnce = 256

  private let query: LineQuery
  private let limits: EnquiryLimits
  private let sources: LineSources
  private var scope: BatchScope
  private var found: [(key: Int64, batch: EnquiredBatch)] = []
  private var next: Int64?

  /// `nil` when nothing can be meant.
  private init?(_ query: LineQuery, _ limits: EnquiryLimits, in db: Database) throws {
    guard let bounds = Self.bounds(of: query) else { return nil }
    self.query = query
    self.limits = limits
    var states = query.states.isEmpty ? Set(InstructionLifecycle.State.allCases) : query.states
    // What is settled has no reason.
    if query.reason != nil { states.remove(.settled) }
    scope = BatchScope(query, states: states)
    sources = LineSources(
      query: query, states: states, bounds: bounds, budget: ScanBudget(limits), db: db)
  }

  /// The page that `query` asks for.
  static func page(_ query: LineQuery, within limits: EnquiryLimits = EnquiryLimits(), in db: Database) throws
    -> LinePage
  {
    if let batch = query.batch { _ = try BatchRow.life(of: batch, in: db) }
    guard query.limit > 0, var search = try LineSearch(query, limits, in: db) else {
      return LinePage(lines: [], batches: [:], next: nil)
    }
    try search.run(in: db)
    return try search.page(in: db)
  }

  private static func bounds(of query: LineQuery) -> ClosedRange<Int64>? {
    var lower: Int64 = 0
    var upper = Int64.max
    if let batch = query.batch {
      lower = JournalSchema.key(batch, 0)
      upper = JournalSchema.key(batch, JournalSchema.maximumLines)
    }
    if let after = query.after {
      let key = JournalSchema.key(after.batch, after.position)
      switch query.order {
      case .batchOrder: lower = max(lower, key + 1)
      case .newestFirst: upper = min(upper, key - 1)
      }
    }
    return lower <= upper ? lower...upper : nil
  }

  private mutating func run(in db: Database) throws {
    if let streams = try sources.termStreams(in: scope) {
      try take(streams, in: db)
    } else {
      try walk(in: db)
    }
  }

  private var isFull: Bool { found.count > query.limit || next != nil }

  /// Candidates by a term, each of which is looked at.
  private mutating func take(_ streams: [KeyStream], in db: Database) throws {
    var keys = MergedKeys(streams, isAscending: sources.isAscending)
    var narrowing = sources.narrowingStreams().map { MergedKeys($0, isAscending: sources.isAscending) }
    var candidates = 0
    while !isFull {
      switch try keys.next() {
      case .end: return
      case .stopped(let key): next = key
      case .key(let key):
        // The two go ahead in turns, each to where the other is.
        if narrowing != nil {
          guard let other = try narrowing?.first(from: key) else { return }
          guard other == key else {
            keys.skip(to: other)
            continue
          }
        }
        let number = JournalSchema.batch(ofKey: key)
        guard let batch = try scope.batch(number, in: db) else {
          let first = JournalSchema.key(number, 0)
          keys.skip(to: sources.isAscending ? first + Int64(1) << 32 : first - 1)
          continue
        }
        candidates += 1
        if candidates > limits.candidates {
          next = key
        } else if try sources.isMeant(key, of: batch) {
          found.append((key, batch))
        }
      }
    }
  }

  /// Batch by batch.
  private mutating func walk(in db: Database) throws {
    var numbers = sources.numbers
    while !isFull {
      let batches = try scope.batches(within: numbers, atMost: Self.batchesAtOnce, in: db)
      for batch in batches where !isFull {
        var keys = MergedKeys(try sources.streams(of: batch), isAscending: sources.isAscending)
        try take(&keys, of: batch)
      }
      guard let last = batches.last?.number.rawValue, batches.count == Self.batchesAtOnce else { return }
      if sources.isAscending {
        guard last < numbers.upperBound else { return }
        numbers = (last + 1)...numbers.upperBound
      } else {
        guard last > numbers.lowerBound else { return }
        numbers = numbers.lowerBound...(last - 1)
      }
    }
  }

  private mutating func take(_ keys: inout MergedKeys, of batch: EnquiredBatch) throws {
    while !isFull {
      switch try keys.next() {
      case .end: return
      case .stopped(let key): next = key
      case .key(let key): found.append((key, batch))
      }
    }
  }

  /// The lines of what was found.
  private func page(in db: Database) throws -> LinePage {
    var lines: [JournalLine] = []
    var batches: [BatchNumber: BatchRecord] = [:]
    for (key, batch) in found.prefix(query.limit) {
      lines.append(try LineRows.line(key, of: batch.number, nextPosition: batch.nextPosition, in: db))
      if batches[batch.number] == nil {
        batches[batch.number] = try BatchRow.fetch(
          where: "b.id = ?", [.integer(batch.number.rawValue)], limit: 1, in: db
        ).first
      }
    }
    return LinePage(lines: lines, batches: batches, next: cursor)
  }

  /// What the next page comes after: the last line of this one, or where the budget ended.
  private var cursor: LineCursor? {
    let last: Int64
    if found.count > query.limit {
      last = found[query.limit - 1].key
    } else if let next {
      last = sources.isAscending ? next - 1 : next + 1
    } else {
      return nil
    }
    return LineCursor(
      batch: JournalSchema.batch(ofKey: last), position: JournalSchema.position(ofKey: last), order: query.order)
  }
}
