internal import Batch
internal import Cryptography
internal import GRDB
internal import Storage

/// The audit trail within a transaction of the journal: an entry is there exactly when what it tells is.
enum AuditTrail {
  /// Writes `event` down behind the last entry.
  static func append(_ event: AuditEvent, at now: Timestamp, in db: Database) throws {
    let (head, used) = try end(in: db)
    // A number is never used twice: where the last entries were removed, a gap stays for ever.
    let row = AuditRow(event, number: max(head.number, used) + 1, at: now, previous: head.hash)
    let insert = try db.bulk("INSERT INTO audit (\(columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
    insert.bind(row.number, at: 1)
    insert.bind(row.at, at: 2)
    insert.bind(event.action.rawValue, at: 3)
    insert.bind(event.actor.rawValue, at: 4)
    insert.bind(event.partner, at: 5)
    insert.bind(event.batchID, at: 6)
    insert.bind(event.file, at: 7)
    insert.bind(event.key, at: 8)
    insert.bind(row.details, at: 9)
    insert.bind(row.previous, at: 10)
    insert.bind(try row.hash(), at: 11)
    try insert.run()
  }

  /// Writes down what was done to `batch`.
  static func append(
    _ action: AuditAction, to batch: BatchNumber, by actor: AuditActor, key: String? = nil,
    _ details: [AuditEvent.Detail] = [], at now: Timestamp, in db: Database
  ) throws {
    let row = try db.bulk(
      "SELECT p.name, b.batch_id, b.file FROM batch b JOIN partner p ON p.id = b.partner WHERE b.id = ?")
    row.bind(batch.rawValue, at: 1)
    guard try row.step() else { throw JournalError.noSuchBatch(batch) }
    var event = AuditEvent(action, by: actor, details: details)
    event.partner = row.text(0)
    event.batchID = row.text(1)
    event.file = row.text(2)
    event.key = key
    row.reset()
    try append(event, at: now, in: db)
  }

  /// Writes down that a batch was admitted, by whom it was signed, and that it is held, when it is.
  static func admitted(
    _ batch: BatchNumber, _ admitted: AdmittedBatch, _ summary: BatchSummary, by actor: AuditActor, at now: Timestamp,
    in db: Database
  ) throws {
    let amounts = admitted.payable.values.sorted { $0.currency < $1.currency }.map { money in
      AuditEvent.Detail("payable.\(money.currency.code)", money.decimal)
    }
    var details: [AuditEvent.Detail] = [
      .init("number", "\(batch.rawValue)"), .init("sha256", Hexadecimal.string(admitted.contentDigest)),
      .init("count", "\(summary.count)"), .init("refused", "\(summary.failed.count)"),
    ]
    details += amounts
    if !admitted.provenance.sealedDigest.isEmpty {
      details.append(.init("sealed", Hexadecimal.string(admitted.provenance.sealedDigest)))
    }
    if let submitter = admitted.provenance.submitter { details.append(.init("submitter", submitter)) }
    try append(
      .batchAdmitted, to: batch, by: actor, key: admitted.provenance.signerKeys.joined(separator: ","), details,
      at: now, in: db)
    guard admitted.needsRelease else { return }
    try append(.batchHeld, to: batch, by: actor, [.init("cause", BatchHold.awaitingRelease.name)], at: now, in: db)
  }

  /// Writes down that requests for a claim's lines may leave.
  static func claimed(
    _ claim: ClaimRows.Claimed, of batch: BatchNumber, by actor: AuditActor, at now: Timestamp, in db: Database
  ) throws {
    try append(
      .batchClaimed, to: batch, by: actor,
      [.init("claim", "\(claim.fence)"), .init("first", "\(claim.first)"), .init("last", "\(claim.last)")], at: now,
      in: db)
  }

  /// Writes down what became of lines.
  static func recorded(
    _ change: Recording.Change, under claim: ClaimToken, by actor: AuditActor, at now: Timestamp, in db: Database
  ) throws {
    let counts = [
      ("settled", change.settled), ("rejected", change.rejected), ("waiting", change.waiting),
      ("inDoubt", change.inDoubt),
    ]
    try append(
      .batchRecorded, to: claim.batch, by: actor,
      [.init("claim", "\(claim.fence)")] + counts.filter { $0.1 > 0 }.map { .init($0.0, "\($0.1)") }, at: now, in: db)
  }

  /// Writes down that the batch's prepared result took its place, and what it tells.
  static func published(_ batch: BatchNumber, by actor: AuditActor, at now: Timestamp, in db: Database) throws {
    let record = try BatchRow.record(of: batch, in: db)
    guard let publication = record.publication else { throw JournalError.impossible("a result that was not prepared") }
    let summary = try Tallies(of: batch, in: db).summary
    let amounts = summary.succeeded.amounts.sorted { $0.key < $1.key }.map { currency, amount in
      AuditEvent.Detail("succeeded.\(currency.code)", Money(minorUnits: amount, currency: currency).decimal)
    }
    let witness = publication.witness.map { AuditEvent.Detail("witness", "\($0)") }
    try append(
      .resultPublished, to: batch, by: actor, key: publication.signer,
      [
        .init("number", "\(batch.rawValue)"), .init("revision", "\(publication.revision)"),
        .init("result", publication.path),
        .init("sha256", Hexadecimal.string(publication.digest)), .init("status", "\(record.life.state)"),
        .init("succeeded", "\(summary.succeeded.count)"), .init("failed", "\(summary.failed.count)"),
        .init("pending", "\(summary.pending.count)"),
      ] + amounts + [.init("recipients", publication.recipients.joined(separator: ","))]
        + (witness.map { [$0] } ?? []), at: now, in: db)
  }

  /// The entries that `query` asks for.
  static func entries(matching query: AuditQuery, in db: Database) throws -> [AuditEntry] {
    var conditions = ["number > ?"]
    var values: [SQLValue] = [.integer(query.after ?? 0)]
    func require(_ condition: String, _ value: SQLValue?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(value)
    }
    require("batch_id = ?", query.batchID.map { .text($0) })
    require("partner = ?", query.partner.map { .text($0) })
    require("at >= ?", query.from.map { .integer($0.millisecondsSinceEpoch) })
    require("at < ?", query.to.map { .integer($0.millisecondsSinceEpoch) })
    require("action = ?", query.action.map { .text($0.rawValue) })
    if let actor = query.actor {
      conditions.append("actor IN (?, 'operator ' || ?, 'user ' || ?, 'partner ' || ?)")
      values.append(contentsOf: [SQLValue](repeating: .text(actor), count: 4))
    }
    let rows = try db.bulk(
      """
      SELECT \(columns) FROM audit WHERE \(conditions.joined(separator: " AND "))
      ORDER BY number\(query.isFromTheEnd ? " DESC" : "") LIMIT \(max(0, query.limit))
      """)
    rows.bind(values)
    var entries: [AuditEntry] = []
    while try rows.step() { entries.append(try entry(rows)) }
    return query.isFromTheEnd ? entries.reversed() : entries
  }

  /// The last entry.
  static func head(in db: Database) throws -> AuditHead { try end(in: db).head }

  /// The last entry, and the highest number that an entry ever had.
  static func end(in db: Database) throws -> (head: AuditHead, used: Int64) {
    let row = try db.bulk(
      """
      SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0), a.number, a.hash
      FROM (SELECT 1) LEFT JOIN (SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1) a
      """)
    guard try row.step() else { return (.empty, 0) }
    defer { row.reset() }
    return (row.isNull(1) ? .empty : AuditHead(number: row.int64(1), hash: row.blob(2)), row.int64(0))
  }

  /// The entry that stands in a row of `columns`.
  static func entry(_ row: BulkStatement) throws -> AuditEntry {
    var event = AuditEvent(
      AuditAction(rawValue: row.text(2)), by: AuditActor(rawValue: row.text(3)),
      details: AuditDetails.decode(row.blob(8)))
    event.partner = row.optionalText(4)
    event.batchID = row.optionalText(5)
    event.file = row.optionalText(6)
    event.key = row.optionalText(7)
    return AuditEntry(
      number: row.int64(0), at: Timestamp(millisecondsSinceEpoch: row.int64(1)), event: event, previous: row.blob(9),
      hash: row.blob(10))
  }

  static let columns = "number, at, action, actor, partner, batch_id, file, key, details, previous, hash"
}
