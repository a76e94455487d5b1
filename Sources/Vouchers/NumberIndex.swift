internal import GRDB
internal import Storage
internal import Synchronization

/// Finds vouchers by the codes of their numbers, and tells whether a code is taken.
///
/// Codes of the latest vouchers are only in their rows until they are merged into `number_index`; this value keeps
/// them in memory to find a repeated number among them. It follows what other processes write.
final class NumberIndex: Sendable {
  private struct Recent {
    var codes: Set<Int64> = []
    /// The rows up to this one are in `number_index`.
    var indexedSequence: Int64 = 0
    /// The rows up to this one are in `codes` or in `number_index`.
    var knownSequence: Int64 = 0
    /// The codes of the rows after `knownSequence` that this process wrote last, committed or not.
    var written: [Int64] = []
  }

  private let recent = Mutex(Recent())
  /// So many codes are merged at once.
  let mergeStep: Int

  init(mergeStep: Int) { self.mergeStep = mergeStep }

  /// Which of `codes` some voucher has. Within a write transaction.
  func taken(of codes: [Int64], in db: Database) throws -> Set<Int64> {
    try follow(db)
    var taken = recent.withLock { recent in Set(codes.filter { recent.codes.contains($0) }) }
    let find = try db.bulk("SELECT 1 FROM number_index WHERE code = ?")
    // In order, each page of the index is read at most once.
    for code in codes.sorted() {
      find.bind(code, at: 1)
      guard try find.step() else { continue }
      find.reset()
      taken.insert(code)
    }
    return taken
  }

  /// Tells the codes of the rows that the transaction has written after the last sequence, in their order.
  func wrote(_ codes: [Int64]) { recent.withLock { $0.written = codes } }

  /// The row that has `code`, if any.
  func sequence(of code: Int64, in db: Database) throws -> Int64? {
    for sql in [
      "SELECT sequence FROM number_index WHERE code = ?",
      "SELECT sequence FROM voucher WHERE sequence > (SELECT indexed_sequence FROM counter) AND code = ?",
    ] {
      let find = try db.bulk(sql)
      find.bind(code, at: 1)
      guard try find.step() else { continue }
      defer { find.reset() }
      return find.int64(0)
    }
    return nil
  }

  /// Merges the recent codes if there are enough of them. Within a write transaction.
  func mergeIfDue(_ db: Database) throws {
    let counter = try Self.counter(db)
    guard counter.last - counter.indexed >= mergeStep else { return }
    let insert = try db.bulk(
      "INSERT INTO number_index (code, sequence) SELECT code, sequence FROM voucher WHERE sequence > ? ORDER BY code")
    insert.bind(counter.indexed, at: 1)
    try insert.run()
    try db.execute(sql: "UPDATE counter SET indexed_sequence = last_sequence")
  }

  /// Forgets the code of a row that goes. Within a write transaction.
  func remove(_ sequence: Int64, code: Int64, in db: Database) throws {
    let delete = try db.bulk("DELETE FROM number_index WHERE code = ? AND sequence = ?")
    delete.bind(code, at: 1)
    delete.bind(sequence, at: 2)
    try delete.run()
  }

  private func follow(_ db: Database) throws {
    let counter = try Self.counter(db)
    try recent.withLock { recent in
      if recent.indexedSequence != counter.indexed {
        recent = Recent(codes: [], indexedSequence: counter.indexed, knownSequence: counter.indexed)
      }
      let written = recent.written
      recent.written = []
      guard recent.knownSequence < counter.last else { return }
      if !written.isEmpty, counter.last == recent.knownSequence + Int64(written.count),
        try Self.code(of: counter.last, in: db) == written.last
      {
        // The last row is ours, so all of them were committed, and need not be read.
        recent.codes.formUnion(written)
        recent.knownSequence = counter.last
        return
      }
      let find = try db.bulk("SELECT code FROM voucher WHERE sequence > ?")
      find.bind(recent.knownSequence, at: 1)
      while try find.step() { recent.codes.insert(find.int64(0)) }
      recent.knownSequence = counter.last
    }
  }

  private static func code(of sequence: Int64, in db: Database) throws -> Int64? {
    let find = try db.bulk("SELECT code FROM voucher WHERE sequence = ?")
    find.bind(sequence, at: 1)
    guard try find.step() else { return nil }
    defer { find.reset() }
    return find.int64(0)
  }

  private static func counter(_ db: Database) throws -> (last: Int64, indexed: Int64) {
    let find = try db.bulk("SELECT last_sequence, indexed_sequence FROM counter")
    guard try find.step() else { throw StorageError.fault(path: "vouchers", reason: "there is no counter") }
    defer { find.reset() }
    return (find.int64(0), find.int64(1))
  }
}
