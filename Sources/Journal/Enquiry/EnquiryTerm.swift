internal import Batch
internal import GRDB
internal import Storage

/// What a line is looked up by, as a small number: a hash, so that the index is a third of the texts' size. Two texts
/// may have the same one; whoever looks up compares the text.
enum EnquiryTerm {
  /// An identifier of a payee or a beneficiary.
  static func payee(_ id: String) -> Int64 { hash(UInt8(ascii: "p"), id) }
  /// An instruction's ID that its line has no right to: `used_id` has all the others.
  static func repeated(_ instructionID: String) -> Int64 { hash(UInt8(ascii: "i"), instructionID) }

  // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, 64 bits folded to 32: four bytes in a row. It is stored, so it
  // must be the same for ever, which Swift's own hash is not.
  private static func hash(_ domain: UInt8, _ text: String) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    add(domain)
    for byte in text.utf8 { add(byte) }
    return Int64(Int32(truncatingIfNeeded: hash >> 32 ^ hash))
  }
}

/// One step of the index of terms.
///
/// An index in random order is ruinous row by row. So terms come in runs, each sorted in memory and written once, at the
/// end of the table. A look-up goes into every run; small runs are merged into the next, so that there are few.
struct TermRun {
  private struct Entry: Comparable {
    let term: Int64
    let id: Int64
    static func < (left: Self, right: Self) -> Bool {
      left.term == right.term ? left.id < right.id : left.term < right.term
    }
  }

  private var entries: [Entry] = []

  /// Whether a line of an admitted batch is not in the index.
  static func isDue(in db: Database) throws -> Bool {
    try Int.fetchOne(
      db, sql: "SELECT 1 FROM batch INDEXED BY batch_unindexed WHERE \(due) LIMIT 1") != nil
  }

  private static let due = "\(EnquirySchema.isTold) AND term_count < line_count"

  /// Writes a run of at most `limit` lines that have none; answers how many there were.
  static func add(atMost limit: Int, in db: Database) throws -> Int {
    var run = TermRun()
    var lineCount = 0
    let batches = try db.bulk(
      """
      SELECT id, term_count, line_count FROM batch INDEXED BY batch_unindexed WHERE \(due) ORDER BY id LIMIT 1
      """)
    while lineCount < limit, try batches.step() {
      let batch = BatchNumber(rawValue: batches.int64(0))
      let first = batches.int(1)
      let end = min(batches.int(2), first + limit - lineCount)
      batches.reset()
      try run.read(batch, from: first, to: end, in: db)
      try db.execute(sql: "UPDATE batch SET term_count = ? WHERE id = ?", arguments: [end, batch.rawValue])
      lineCount += end - first
    }
    batches.reset()
    if lineCount > 0 { try run.write(in: db) }
    return lineCount
  }

  private mutating func read(_ batch: BatchNumber, from first: Int, to end: Int, in db: Database) throws {
    let rows = try db.bulk(
      """
      SELECT id, payee, iif(partner IS NULL, instruction_id, NULL) FROM instruction WHERE id >= ? AND id < ? ORDER BY id
      """)
    rows.bind(JournalSchema.key(batch, first), at: 1)
    rows.bind(JournalSchema.key(batch, end), at: 2)
    while try rows.step() {
      let id = rows.int64(0)
      if !rows.isNull(1) { entries.append(Entry(term: EnquiryTerm.payee(rows.text(1)), id: id)) }
      if !rows.isNull(2) { entries.append(Entry(term: EnquiryTerm.repeated(rows.text(2)), id: id)) }
    }
  }

  private mutating func write(in db: Database) throws {
    var run = try Int64.fetchOne(db, sql: "SELECT max(run) FROM enquiry_run") ?? 0
    // A run is merged with what is as large at least: each line is written again only so often as sizes double.
    while let count = try Int.fetchOne(db, sql: "SELECT count FROM enquiry_run WHERE run = ?", arguments: [run]),
      count <= entries.count, count + entries.count <= EnquiryIndex.stepLength
    {
      try take(run, in: db)
      run -= 1
    }
    entries.sort()
    let insert = try db.bulk("INSERT INTO enquiry_term (run, term, id) VALUES (?,?,?)")
    insert.bind(run + 1, at: 1)
    for entry in entries {
      insert.bind(entry.term, at: 2)
      insert.bind(entry.id, at: 3)
      try insert.run()
    }
    try db.execute(sql: "INSERT INTO enquiry_run (run, count) VALUES (?, ?)", arguments: [run + 1, entries.count])
  }

  private mutating func take(_ run: Int64, in db: Database) throws {
    let rows = try db.bulk("SELECT term, id FROM enquiry_term WHERE run = ?")
    rows.bind(run, at: 1)
    while try rows.step() { entries.append(Entry(term: rows.int64(0), id: rows.int64(1))) }
    try db.execute(sql: "DELETE FROM enquiry_term WHERE run = ?", arguments: [run])
    try db.execute(sql: "DELETE FROM enquiry_run WHERE run = ?", arguments: [run])
  }
}
