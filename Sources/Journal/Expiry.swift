internal import Batch
internal import GRDB
internal import Storage

/// The end of claims whose owner is gone.
struct Expiry {
  private let batch: BatchNumber
  private var tallies: Tallies

  init(of batch: BatchNumber, in db: Database) throws {
    self.batch = batch
    tallies = try Tallies(of: batch, in: db)
  }

  /// Puts in doubt what the claims of others hold without an outcome, or to be sent again, and ends the claims.
  consuming func run(except owner: ClaimOwner, in db: Database) throws -> Int {
    let claims = try db.bulk(
      """
      SELECT fence, first, last, remaining FROM claim
      WHERE batch = ? AND is_expired = 0 AND owner <> ? ORDER BY fence
      """)
    claims.bind([.integer(batch.rawValue), .text(owner.rawValue)])
    var expired: [(fence: Int64, range: ClosedRange<Int>?)] = []
    while try claims.step() {
      let isOpen = !claims.isNull(1) && claims.int64(3) > 0
      expired.append((claims.int64(0), isOpen ? claims.int(1)...claims.int(2) : nil))
    }
    if expired.isEmpty { return 0 }
    var count = 0
    for claim in expired {
      if let range = claim.range { count += try doubtRange(range, fence: claim.fence, in: db) }
    }
    count += try doubtResent(Set(expired.map(\.fence)), in: db)
    let end = try db.bulk("UPDATE claim SET is_expired = 1, remaining = 0 WHERE fence = ?")
    for claim in expired {
      end.bind(claim.fence, at: 1)
      try end.run()
    }
    try tallies.store(in: db)
    return count
  }

  /// Lines of a range that have no outcome: a request may have left for each.
  private mutating func doubtRange(_ range: ClosedRange<Int>, fence: Int64, in db: Database) throws -> Int {
    let lines = try db.bulk(
      """
      SELECT i.id, i.amount, i.currency FROM instruction i
      WHERE i.id >= ? AND i.id <= ? AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.id = i.id)
      """)
    lines.bind(JournalSchema.key(batch, range.lowerBound), at: 1)
    lines.bind(JournalSchema.key(batch, range.upperBound), at: 2)
    let keys = try doubt(lines) { _ in true }
    let insert = try db.bulk(OutcomeRow.insert)
    let row = OutcomeRow(.ownerLost, reference: nil, at: Timestamp(millisecondsSinceEpoch: 0))
    for key in keys {
      row.bind(key: key, state: try Self.after(), attempt: 1, claim: fence, to: insert)
      try insert.run()
    }
    return keys.count
  }

  /// Lines that were claimed to be sent again.
  private mutating func doubtResent(_ fences: Set<Int64>, in db: Database) throws -> Int {
    let lines = try db.bulk(
      """
      SELECT i.id, i.amount, i.currency, o.claim FROM outcome o JOIN instruction i ON i.id = o.id
      WHERE o.id >= ? AND o.id < ? AND o.state < 4 AND o.state = \(InstructionLifecycle.State.claimed.rawValue)
      """)
    lines.bind(JournalSchema.key(batch, 0), at: 1)
    lines.bind(JournalSchema.key(batch, JournalSchema.maximumLines), at: 2)
    let keys = try doubt(lines) { fences.contains($0.int64(3)) }
    let update = try db.bulk("UPDATE outcome SET state = ? WHERE id = ?")
    for key in keys {
      update.bind(Int64(try Self.after().rawValue), at: 1)
      update.bind(key, at: 2)
      try update.run()
    }
    return keys.count
  }

  /// The keys of the lines that `isLost` chooses, counted as in doubt from here.
  private mutating func doubt(_ lines: BulkStatement, where isLost: (BulkStatement) -> Bool) throws -> [Int64] {
    let after = try Self.after()
    var keys: [Int64] = []
    while try lines.step() {
      guard isLost(lines) else { continue }
      keys.append(lines.int64(0))
      try tallies.move(lines.int64(1), currency: lines.text(2), from: .claimed, to: after)
    }
    return keys
  }

  /// Where a claimed line stands when its owner is lost.
  private static func after() throws -> InstructionLifecycle.State {
    var life = InstructionLifecycle(state: .claimed)
    guard life.handle(.ownerLost) == .enquire else { throw JournalError.impossible("a lost owner without a doubt") }
    return life.state
  }
}
