internal import Batch
internal import GRDB
internal import Storage

/// One chunk of instructions on its way into the journal.
struct Append {
  private let batch: BatchNumber
  private let partner: Int64
  private let openedAt: Timestamp
  private var lineCount: Int
  private var tallies: Tallies
  private var rows = InstructionRow()
  private var duplicates: [DuplicateInstruction] = []
  private let usedIDs: UsedIDs

  init(to batch: BatchNumber, _ recentIDs: RecentIDs, in db: Database) throws {
    let row = try db.bulk("SELECT partner, state, line_count, opened_at, indexed_count FROM batch WHERE id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    defer { row.reset() }
    guard row.int64(1) == Int64(BatchLifecycle.State.admitting.rawValue) else {
      throw JournalError.impossible("lines for batch \(batch.rawValue), whose admission has ended")
    }
    self.batch = batch
    partner = row.int64(0)
    lineCount = row.int(2)
    openedAt = Timestamp(millisecondsSinceEpoch: row.int64(3))
    tallies = try Tallies(of: batch, in: db)
    usedIDs = UsedIDs(of: batch, partner: partner, indexedCount: row.int(4), lineCount: lineCount, recentIDs)
  }

  /// Adds what is new and answers what is not.
  consuming func add(_ instructions: [Instruction], in db: Database) throws -> [DuplicateInstruction] {
    try usedIDs.begin(instructions, in: db)
    let insert = try db.bulk(InstructionRow.insert)
    let refuse = try db.bulk(OutcomeRow.insert)
    for instruction in instructions {
      guard instruction.position >= 0, instruction.position < JournalSchema.maximumLines else {
        throw JournalError.impossible("a line at position \(instruction.position)")
      }
      let key = JournalSchema.key(batch, instruction.position)
      // A line that is refused as a repetition has no right to the ID that it repeats.
      let isRepetition = instruction.refusal?.code == .duplicateInstruction
      if !isRepetition, let earlier = try usedIDs.use(instruction.instructionID, key: key, in: db) {
        duplicates.append(try repetition(of: earlier, by: instruction, in: db))
        continue
      }
      rows.bind(instruction, key: key, partner: isRepetition ? nil : partner, to: insert)
      try insert.run()
      lineCount = max(lineCount, instruction.position + 1)
      try settle(instruction, key: key, refuse)
    }
    try finish(in: db)
    return duplicates
  }

  private mutating func settle(_ instruction: Instruction, key: Int64, _ refuse: BulkStatement) throws {
    var life = InstructionLifecycle()
    if let reason = instruction.refusal {
      guard life.handle(.refused(reason)) == .finish else {
        throw JournalError.impossible("a line that can't be refused")
      }
      OutcomeRow(.refused(reason), reference: nil, at: openedAt)
        .bind(key: key, state: life.state, attempt: 1, claim: nil, to: refuse)
      try refuse.run()
      guard refuse.changes == 1 else { throw JournalError.impossible("an outcome before its line") }
    }
    let code = instruction.amount.map { rows.code(of: $0.currency) } ?? ""
    try tallies.add(1, instruction.amount?.minorUnits ?? 0, currency: code, to: Tallies.Standing(life.state))
  }

  private func repetition(of earlier: Int64, by instruction: Instruction, in db: Database) throws
    -> DuplicateInstruction
  {
    let row = try db.bulk("SELECT batch_id FROM batch WHERE id = ?")
    row.bind(JournalSchema.batch(ofKey: earlier).rawValue, at: 1)
    guard try row.step() else { throw JournalError.impossible("an ID that no batch has used") }
    defer { row.reset() }
    return DuplicateInstruction(
      position: instruction.position, instructionID: instruction.instructionID, earlierBatchID: row.text(0),
      earlierPosition: JournalSchema.position(ofKey: earlier))
  }

  private func finish(in db: Database) throws {
    try tallies.checkSums()
    try tallies.store(in: db)
    let indexedCount = try usedIDs.end(lineCount: lineCount, in: db)
    let update = try db.bulk("UPDATE batch SET line_count = ?, indexed_count = ? WHERE id = ?")
    update.bind(lineCount, at: 1)
    update.bind(indexedCount, at: 2)
    update.bind(batch.rawValue, at: 3)
    try update.run()
  }
}
