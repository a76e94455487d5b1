internal import Batch
internal import GRDB
internal import Storage

/// Partners by name, so that a line's key holds a number.
enum PartnerRow {
  /// The number of `name`, given now if it has none.
  static func number(of name: String, in db: Database) throws -> Int64 {
    try db.execute(sql: "INSERT INTO partner (name) VALUES (?) ON CONFLICT (name) DO NOTHING", arguments: [name])
    guard let number = try Int64.fetchOne(db, sql: "SELECT id FROM partner WHERE name = ?", arguments: [name]) else {
      throw JournalError.impossible("a partner without a number")
    }
    return number
  }
}

/// Batches to rows and back.
enum BatchRow {
  private static let columns = """
    b.id, p.name, b.batch_id, b.kind, b.source_bb_id, b.request_id, b.recipient_id, b.program_id, b.currency,
    b.created_at, b.execute_at, b.expires_at, b.file, b.state, b.decided_at, b.content_digest, b.revision,
    b.result_path, b.result_digest, b.is_published, b.error_count,
    b.processor, b.unknown_members, b.hold, b.hold_note, b.cancel_code, b.cancel_note, b.arrival, b.submitter,
    b.signers, b.round, b.is_changed, b.refused_count, b.watched_succeeded, b.watched_failed,
    b.result_signer, b.result_recipients, b.witness_entry, b.witness_hash,
    b.ordered_by
    """

  /// The batch that holds the ID of `partner`.
  static func live(_ batchID: String, of partner: String, in db: Database) throws -> BatchRecord? {
    try fetch(
      where: "b.state <> 2 AND p.name = ? AND b.batch_id = ?", [.text(partner), .text(batchID)], limit: 1, in: db
    )
    .first
  }

  /// The live batch under the ID, or else the last that was rejected.
  static func last(_ batchID: String, of partner: String, in db: Database) throws -> BatchRecord? {
    if let live = try live(batchID, of: partner, in: db) { return live }
    return try fetch(where: "p.name = ? AND b.batch_id = ?", [.text(partner), .text(batchID)], limit: 1, in: db).first
  }

  /// Batches for which a condition over `batch b` and `partner p` holds, newest first.
  static func fetch(where condition: String, _ values: [SQLValue], limit: Int, in db: Database) throws -> [BatchRecord]
  {
    let rows = try db.bulk(
      """
      SELECT \(columns) FROM batch b JOIN partner p ON p.id = b.partner
      WHERE \(condition) ORDER BY b.id DESC LIMIT \(max(0, limit))
      """)
    rows.bind(values)
    var records: [BatchRecord] = []
    while try rows.step() { records.append(try record(rows, in: db)) }
    return records
  }

  /// Enters a batch in state `admitting`.
  static func insert(_ header: BatchHeader, partner: Int64, file: String, at now: Timestamp, in db: Database) throws
    -> BatchNumber
  {
    try db.execute(
      sql: """
        INSERT INTO batch (partner, batch_id, kind, source_bb_id, request_id, recipient_id, program_id, currency,
          created_at, execute_at, expires_at, file, opened_at, state)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,0)
        """,
      arguments: [
        partner, header.batchID, Int64(header.kind.rawValue), header.sourceBBID, header.requestID, header.recipientID,
        header.programID, header.currency?.code, header.createdAt?.millisecondsSinceEpoch,
        header.executeAt?.millisecondsSinceEpoch, header.expiresAt?.millisecondsSinceEpoch, file,
        now.millisecondsSinceEpoch,
      ])
    return BatchNumber(rawValue: db.lastInsertedRowID)
  }

  /// Writes the header anew: at the opening, members that stand behind the instructions were not known.
  static func update(_ batch: BatchNumber, _ header: BatchHeader, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE batch SET request_id = ?, recipient_id = ?, program_id = ?, currency = ?, created_at = ?, execute_at = ?,
          expires_at = ? WHERE id = ?
        """,
      arguments: [
        header.requestID, header.recipientID, header.programID, header.currency?.code,
        header.createdAt?.millisecondsSinceEpoch, header.executeAt?.millisecondsSinceEpoch,
        header.expiresAt?.millisecondsSinceEpoch, batch.rawValue,
      ])
  }

  /// Writes down how an admitted batch came in, and that it waits for a release where it does.
  static func update(_ batch: BatchNumber, _ admitted: AdmittedBatch, in db: Database) throws {
    var life = BatchLifecycle(state: .admitted)
    if admitted.needsRelease, life.handle(.heldForRelease) != .hold {
      throw JournalError.impossible("an admitted batch that can't wait for its release")
    }
    let provenance = admitted.provenance
    try db.execute(
      sql: """
        UPDATE batch SET hold = ?, hold_note = ?, arrival = ?, submitter = ?, signers = ?, refused_count = ? WHERE id = ?
        """,
      arguments: [
        life.hold.map { Int64($0.rawValue) }, admitted.needsRelease ? "it waits for its release" : nil,
        provenance.arrival, provenance.submitter, provenance.signerKeys.joined(separator: ","), admitted.refusedCount,
        batch.rawValue,
      ])
  }

  /// The state that `event` leads to; the caller writes it. Refuses what the life of the batch does not allow.
  static func advance(_ batch: BatchNumber, by event: BatchLifecycle.Event, in db: Database) throws
    -> BatchLifecycle.State
  {
    var life = try life(of: batch, in: db)
    let before = life.state
    guard life.handle(event) != .refuse else {
      throw JournalError.impossible("batch \(batch.rawValue) is \(before) and can't be \(event)")
    }
    return life.state
  }

  /// Where the batch's life stands.
  static func life(of batch: BatchNumber, in db: Database) throws -> BatchLifecycle {
    let row = try db.bulk("SELECT state, hold FROM batch WHERE id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    defer { row.reset() }
    return try life(row.int64(0), row.optionalInt64(1))
  }

  private static func life(_ state: Int64, _ hold: Int64?) throws -> BatchLifecycle {
    BatchLifecycle(
      state: try self.state(state),
      hold: try hold.map { raw in
        guard let hold = UInt8(exactly: raw).flatMap(BatchHold.init(rawValue:)) else {
          throw JournalError.impossible("a batch held by the unknown cause \(raw)")
        }
        return hold
      })
  }

  /// The record of a batch by its number.
  static func record(of batch: BatchNumber, in db: Database) throws -> BatchRecord {
    guard let record = try fetch(where: "b.id = ?", [.integer(batch.rawValue)], limit: 1, in: db).first else {
      throw JournalError.noSuchBatch(batch)
    }
    return record
  }

  /// Members of the document that nobody knows; none before the admission has ended.
  static func unknownMemberCount(of batch: BatchNumber, in db: Database) throws -> Int {
    let sql = "SELECT unknown_members FROM batch WHERE id = ?"
    guard let count = try Int.fetchOne(db, sql: sql, arguments: [batch.rawValue]) else {
      throw JournalError.noSuchBatch(batch)
    }
    return count
  }

  /// One past the highest position.
  static func lineCount(of batch: BatchNumber, in db: Database) throws -> Int {
    guard
      let count = try Int.fetchOne(db, sql: "SELECT line_count FROM batch WHERE id = ?", arguments: [batch.rawValue])
    else { throw JournalError.noSuchBatch(batch) }
    return count
  }

  /// As `lineCount`, for a batch whose lines may be removed: one that was never admitted.
  static func removableLineCount(of batch: BatchNumber, in db: Database) throws -> Int {
    switch try life(of: batch, in: db).state {
    case .admitting, .rejected: return try lineCount(of: batch, in: db)
    case .admitted, .partial, .completed:
      throw JournalError.impossible("the lines of batch \(batch.rawValue) can't be removed")
    }
  }

  private static func state(_ raw: Int64) throws -> BatchLifecycle.State {
    guard let byte = UInt8(exactly: raw), let state = BatchLifecycle.State(rawValue: byte) else {
      throw JournalError.impossible("a batch in the unknown state \(raw)")
    }
    return state
  }

  private static func record(_ row: BulkStatement, in db: Database) throws -> BatchRecord {
    guard let kind = UInt8(exactly: row.int64(3)).flatMap(BatchKind.init(rawValue:)) else {
      throw JournalError.impossible("a batch of an unknown kind")
    }
    var header = BatchHeader(batchID: row.text(2), sourceBBID: row.text(4), kind: kind)
    header.requestID = row.optionalText(5)
    header.recipientID = row.optionalText(6)
    header.programID = row.optionalText(7)
    header.currency = row.optionalText(8).flatMap { Currency(code: $0) }
    header.createdAt = timestamp(row.optionalInt64(9))
    header.executeAt = timestamp(row.optionalInt64(10))
    header.expiresAt = timestamp(row.optionalInt64(11))
    let number = BatchNumber(rawValue: row.int64(0))
    var record = BatchRecord(
      number: number, partner: row.text(1), header: header, life: try life(row.int64(13), row.optionalInt64(23)),
      file: row.text(12))
    record.decidedAt = timestamp(row.optionalInt64(14))
    record.contentDigest = row.blob(15)
    record.processor = row.optionalText(21) ?? ""
    record.unknownMemberCount = row.int(22)
    if let revision = row.optionalInt64(16) {
      var publication = Publication(revision: Int(revision), path: row.text(17), digest: row.blob(18))
      publication.signer = row.optionalText(35)
      publication.recipients = row.optionalText(36)?.split(separator: ",").map(String.init) ?? []
      publication.witness = row.optionalInt64(37).map { AuditHead(number: $0, hash: row.blob(38)) }
      record.publication = publication
    }
    record.isPublished = row.int64(19) != 0
    record.holdNote = row.optionalText(24)
    record.cancellation = row.optionalText(25).map { Reason(ReasonCode(rawValue: $0), row.optionalText(26) ?? "") }
    record.provenance.arrival = row.optionalText(27)
    record.provenance.submitter = row.optionalText(28)
    record.provenance.signerKeys = row.optionalText(29)?.split(separator: ",").map(String.init) ?? []
    record.round = row.int(30)
    record.isChanged = row.int64(31) != 0
    record.refusedCount = row.int(32)
    record.watched = (row.int(33), row.int(34))
    record.orderedBy = row.optionalText(39).map(AuditActor.init)
    if !row.isNull(20) { record.rejection = try RejectionRows.read(of: number, errorCount: row.int(20), in: db) }
    return record
  }

  private static func timestamp(_ milliseconds: Int64?) -> Timestamp? {
    milliseconds.map { Timestamp(millisecondsSinceEpoch: $0) }
  }
}
