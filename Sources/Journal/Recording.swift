internal import Batch
internal import GRDB
internal import Storage

/// Answers on their way into the journal, in the transaction that has checked the fence.
struct Recording {
  /// What a step of answers changed, by the state that lines came to.
  struct Change: Sendable {
    var settled = 0
    var rejected = 0
    var waiting = 0
    var inDoubt = 0
    /// Whether a result would tell it.
    var hasMoved: Bool { settled + rejected > 0 }
    var isEmpty: Bool { settled + rejected + waiting + inDoubt == 0 }

    mutating func count(_ state: InstructionLifecycle.State) {
      switch state {
      case .settled: settled += 1
      case .rejected: rejected += 1
      case .inDoubt: inDoubt += 1
      case .admitted, .claimed, .sent: waiting += 1
      }
    }
  }

  private let claim: ClaimToken
  private let now: Timestamp
  /// The positions of a claim of a range; `nil` for a claim of unresolved lines.
  private let range: ClosedRange<Int>?
  private var tallies: Tallies
  private var firstOutcomes = 0
  private var change = Change()
  private let insert: BulkStatement
  private let find: BulkStatement
  private let update: BulkStatement
  private let amount: BulkStatement

  /// Throws `claimLost` unless the claim is in the journal under its owner and has not expired. Nobody can change that
  /// before the transaction ends, since it is the only writer.
  init(under claim: ClaimToken, at now: Timestamp, in db: Database) throws {
    let row = try db.bulk(
      "SELECT first, last FROM claim WHERE fence = ? AND owner = ? AND batch = ? AND is_expired = 0")
    row.bind([.integer(claim.fence), .text(claim.owner.rawValue), .integer(claim.batch.rawValue)])
    guard try row.step() else { throw JournalError.claimLost(fence: claim.fence) }
    range = row.isNull(0) ? nil : row.int(0)...row.int(1)
    row.reset()
    self.claim = claim
    self.now = now
    tallies = try Tallies(of: claim.batch, in: db)
    insert = try db.bulk(OutcomeRow.insert)
    find = try db.bulk("SELECT state, attempt, claim FROM outcome WHERE id = ?")
    update = try db.bulk(OutcomeRow.update)
    amount = try db.bulk("SELECT amount, currency FROM instruction WHERE id = ?")
  }

  /// Writes the answers, in the order of their keys, so that neighbouring rows are written together.
  ///
  /// - Returns: how many lines came to stand otherwise than before; `nil` when none did.
  consuming func record(_ answers: [InstructionAnswer], in db: Database) throws -> Change? {
    var isSorted = true
    for index in answers.indices.dropFirst() where answers[index - 1].position > answers[index].position {
      isSorted = false
      break
    }
    if isSorted {
      for answer in answers { try record(answer) }
    } else {
      // Stable: two answers for one line keep their order.
      for answer in answers.sorted(by: { $0.position < $1.position }) { try record(answer) }
    }
    try tallies.store(in: db)
    if change.hasMoved {
      let mark = try db.bulk("UPDATE batch SET is_changed = 1 WHERE id = ? AND is_changed = 0")
      mark.bind(claim.batch.rawValue, at: 1)
      try mark.run()
    }
    guard firstOutcomes > 0 else { return change.isEmpty ? nil : change }
    let close = try db.bulk("UPDATE claim SET remaining = remaining - ? WHERE fence = ? AND is_expired = 0")
    close.bind(firstOutcomes, at: 1)
    close.bind(claim.fence, at: 2)
    try close.run()
    guard close.changes == 1 else { throw JournalError.claimLost(fence: claim.fence) }
    return change
  }

  private mutating func record(_ answer: InstructionAnswer) throws {
    let key = JournalSchema.key(claim.batch, answer.position)
    if let range, range.contains(answer.position), try recordFirst(answer, key) { return }
    try recordLater(answer, key)
  }

  /// Writes the first outcome of a line in the range; answers `false` when it has one.
  private mutating func recordFirst(_ answer: InstructionAnswer, _ key: Int64) throws -> Bool {
    var life = InstructionLifecycle(state: .claimed)
    guard life.handle(answer.event) != .refuse else { return false }
    var row = OutcomeRow(answer.event, reference: answer.reference, at: now)
    // What never left has no reference that a wallet could know.
    if life.state == .admitted { row.reference = nil }
    row.bind(key: key, state: life.state, attempt: 1, claim: claim.fence, to: insert)
    try insert.run()
    guard insert.changes == 1 else { return false }
    firstOutcomes += 1
    change.count(life.state)
    try move(key, from: .claimed, to: life.state)
    return true
  }

  private mutating func recordLater(_ answer: InstructionAnswer, _ key: Int64) throws {
    find.bind(key, at: 1)
    guard try find.step() else { throw impossible(answer, "is not in the claim") }
    let state = try OutcomeRow.state(find.int64(0))
    let attempt = find.int(1)
    let holder = find.optionalInt64(2)
    find.reset()
    guard holder == claim.fence else { throw JournalError.claimLost(fence: claim.fence) }
    var life = InstructionLifecycle(state: state)
    guard life.handle(answer.event) != .refuse else { throw impossible(answer, "is \(state)") }
    // A late answer to what is final changes nothing.
    if InstructionLifecycle(state: state).isFinal { return }
    let row = OutcomeRow(answer.event, reference: answer.reference, at: now)
    row.bind(key: key, state: life.state, attempt: attempt, to: update)
    try update.run()
    if state != life.state { change.count(life.state) }
    try move(key, from: state, to: life.state)
  }

  private mutating func move(
    _ key: Int64, from old: InstructionLifecycle.State, to new: InstructionLifecycle.State
  ) throws {
    guard Tallies.Standing(old) != Tallies.Standing(new) else { return }
    amount.bind(key, at: 1)
    guard try amount.step() else { throw JournalError.impossible("an outcome of no line") }
    try tallies.move(amount.int64(0), currency: amount.text(1), from: old, to: new)
    amount.reset()
  }

  private func impossible(_ answer: InstructionAnswer, _ text: String) -> JournalError {
    .impossible("an answer for line \(answer.position) of batch \(claim.batch.rawValue), which \(text)")
  }
}
