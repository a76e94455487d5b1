internal import Batch
internal import GRDB
internal import Storage
internal import Synchronization

/// The IDs of the last lines of batches that are being admitted: what `used_id` does not have yet.
final class RecentIDs: Sendable {
  /// What is known of one batch; good for exactly this many lines.
  struct Lines: Sendable {
    var lineCount = 0
    var keys: [String: Int64] = [:]
  }

  private let batches = Mutex<[BatchNumber: Lines]>([:])

  /// Takes what is known of `batch` out, so that an error on the way leaves nothing wrong behind.
  func take(_ batch: BatchNumber) -> Lines? { batches.withLock { $0.removeValue(forKey: batch) } }
  /// Puts what is known of `batch` back.
  func put(_ lines: Lines, for batch: BatchNumber) { batches.withLock { $0[batch] = lines } }
  /// The admission has ended.
  func forget(_ batch: BatchNumber) { batches.withLock { _ = $0.removeValue(forKey: batch) } }
}

/// The IDs that a partner has used, for ever.
///
/// An index that every line enters at once is cheap for IDs that ascend and ruinous for random ones: each chunk then
/// writes nearly every page of the index. So IDs are kept in memory until there are many, and then enter it in order,
/// each page once. A crash loses nothing: the lines have the IDs, and `batch.indexed_count` tells which have entered.
final class UsedIDs {
  /// How many IDs are kept in memory for a batch.
  private static let limit = 65_536

  private let batch: BatchNumber
  private let partner: Int64
  private var indexedCount: Int
  private let lineCount: Int
  private let recentIDs: RecentIDs
  private var keys: [String: Int64] = [:]
  /// Whether every ID of the chunk is beyond all that are in the index.
  private var isBeyond = false

  init(of batch: BatchNumber, partner: Int64, indexedCount: Int, lineCount: Int, _ recentIDs: RecentIDs) {
    self.batch = batch
    self.partner = partner
    self.indexedCount = indexedCount
    self.lineCount = lineCount
    self.recentIDs = recentIDs
  }

  /// Makes ready for a chunk.
  func begin(_ instructions: [Instruction], in db: Database) throws {
    if let known = recentIDs.take(batch), known.lineCount == lineCount {
      keys = known.keys
    } else {
      try readRecent(in: db)
    }
    let last = try db.bulk("SELECT max(instruction_id) FROM used_id WHERE partner = ?")
    last.bind(partner, at: 1)
    guard try last.step() else { return }
    defer { last.reset() }
    guard let last = last.optionalText(0)?.utf8 else {
      isBeyond = true
      return
    }
    // The order of SQLite's index: that of the bytes.
    isBeyond = instructions.allSatisfy { last.lexicographicallyPrecedes($0.instructionID.utf8) }
  }

  /// Takes an ID for the line of `key`, or answers the key of the line that has it.
  func use(_ instructionID: String, key: Int64, in db: Database) throws -> Int64? {
    if let earlier = keys[instructionID] { return earlier }
    if !isBeyond, let earlier = try indexed(instructionID, in: db) { return earlier }
    if JournalSchema.position(ofKey: key) < indexedCount {
      // A gap that is filled late would be passed over when the lines after it enter the index.
      try enter(instructionID, key: key, in: db)
    } else {
      keys[instructionID] = key
    }
    return nil
  }

  /// Ends the chunk; answers how many lines have their IDs in the index.
  func end(lineCount: Int, in db: Database) throws -> Int {
    if keys.count >= Self.limit {
      try Self.index(batch, from: indexedCount, to: lineCount, in: db)
      indexedCount = lineCount
      keys.removeAll(keepingCapacity: true)
    }
    recentIDs.put(RecentIDs.Lines(lineCount: lineCount, keys: keys), for: batch)
    return indexedCount
  }

  /// Enters what is left of a batch into the index; for the transaction that ends its admission.
  static func complete(_ batch: BatchNumber, in db: Database) throws {
    let row = try db.bulk("SELECT indexed_count, line_count FROM batch WHERE id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    let (first, end) = (row.int(0), row.int(1))
    row.reset()
    try index(batch, from: first, to: end, in: db)
    try db.execute(sql: "UPDATE batch SET indexed_count = line_count WHERE id = ?", arguments: [batch.rawValue])
  }

  private static func index(_ batch: BatchNumber, from first: Int, to end: Int, in db: Database) throws {
    let sorted = try db.bulk(
      """
      SELECT partner, instruction_id, id FROM instruction
      WHERE id >= ? AND id < ? AND partner IS NOT NULL ORDER BY partner, instruction_id
      """)
    sorted.bind(JournalSchema.key(batch, first), at: 1)
    sorted.bind(JournalSchema.key(batch, end), at: 2)
    // Row by row: one INSERT of all would keep a copy of every page that it changes, to be able to undo itself alone.
    // A conflict would be a repetition that was not found: the error ends the transaction.
    let insert = try db.bulk(Self.insert)
    while try sorted.step() {
      insert.bind(sorted.int64(0), at: 1)
      insert.bind(sorted.text(1), at: 2)
      insert.bind(sorted.int64(2), at: 3)
      try insert.run()
    }
  }

  private static let insert = "INSERT INTO used_id (partner, instruction_id, id) VALUES (?,?,?)"

  private func enter(_ instructionID: String, key: Int64, in db: Database) throws {
    let insert = try db.bulk(Self.insert)
    insert.bind([.integer(partner), .text(instructionID), .integer(key)])
    try insert.run()
    isBeyond = false
  }

  private func readRecent(in db: Database) throws {
    let rows = try db.bulk(
      "SELECT instruction_id, id FROM instruction WHERE id >= ? AND id < ? AND partner IS NOT NULL")
    rows.bind(JournalSchema.key(batch, indexedCount), at: 1)
    rows.bind(JournalSchema.key(batch, lineCount), at: 2)
    while try rows.step() { keys[rows.text(0)] = rows.int64(1) }
  }

  private func indexed(_ instructionID: String, in db: Database) throws -> Int64? {
    let row = try db.bulk("SELECT id FROM used_id WHERE partner = ? AND instruction_id = ?")
    row.bind(partner, at: 1)
    row.bind(instructionID, at: 2)
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.int64(0)
  }
}
