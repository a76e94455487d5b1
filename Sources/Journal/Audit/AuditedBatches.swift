internal import Batch
internal import Cryptography
internal import GRDB
internal import Storage

/// The batches of the journal beside what the trail tells of them, one at a time.
enum AuditedBatches {
  static func check(in db: Database, _ report: inout AuditReport) throws {
    let numbers = try db.bulk("SELECT id FROM batch ORDER BY id")
    while try numbers.step() {
      let number = BatchNumber(rawValue: numbers.int64(0))
      report.batchCount += 1
      do {
        let record = try BatchRow.record(of: number, in: db)
        try check(record, in: db, &report)
      } catch let error as JournalError {
        // What no step of this program writes.
        report.findings.add(AuditFinding(.batchDiffers, at: "batch number \(number.rawValue)", "\(error)"))
      }
    }
  }

  private static func check(_ record: BatchRecord, in db: Database, _ report: inout AuditReport) throws {
    let place = "batch \(record.header.batchID) of \(record.partner)"
    if record.life.state == .admitting { return }
    let told = try ToldBatch(record, in: db)
    guard let decision = told.decision else {
      return report.findings.add(
        AuditFinding(
          .batchUnrecorded, at: place, "the journal has it as \(record.life.state), and no entry tells why"))
    }
    func differ(_ message: String, _ kind: AuditFinding.Kind = .batchDiffers, entry: Int64? = nil) {
      report.findings.add(AuditFinding(kind, entry: entry, at: place, message))
    }
    guard record.life.state != .rejected else {
      if decision.action != .batchRejected { differ("entry \(decision.number) admits it, the journal rejects it") }
      return
    }
    if decision.action != .batchAdmitted { differ("entry \(decision.number) rejects it, the journal has it as paid") }
    if decision.detail("sha256") != Hexadecimal.string(record.contentDigest) {
      differ("its document is another than the one that entry \(decision.number) admits")
    }
    let tallies = try Tallies(of: record.number, in: db).summary
    let lines = try CountedLines.summary(of: record.number, in: db)
    if tallies != lines { differ("its counts and sums are not those of its lines", .linesDiffer) }
    if !told.agrees(with: tallies) {
      differ(
        """
        by the entries \(told.succeeded) of \(told.count) lines succeeded and \(told.failed) failed; by the journal \
        \(tallies.succeeded.count) of \(tallies.count) and \(tallies.failed.count)
        """)
    }
    for message in told.publicationFaults(record, tallies) { differ(message, entry: told.published?.number) }
    for message in told.approvalFaults { differ(message, .approvalDiffers) }
    if let witness = record.publication?.witness {
      try AuditTrail.check(witness, from: "the result of \(record.header.batchID)", in: db, &report)
    }
  }
}

/// The counts and sums of a batch from its lines themselves.
enum CountedLines {
  static func summary(of batch: BatchNumber, in db: Database) throws -> BatchSummary {
    let rows = try db.bulk(
      """
      SELECT o.state, i.currency, count(*), sum(i.amount), o.by_hand IS NOT NULL
      FROM instruction i LEFT JOIN outcome o ON o.id = i.id
      WHERE i.id >= ? AND i.id < ? GROUP BY o.state, i.currency, o.by_hand IS NOT NULL
      """)
    rows.bind(JournalSchema.key(batch, 0), at: 1)
    rows.bind(JournalSchema.key(batch, JournalSchema.maximumLines), at: 2)
    var summary = BatchSummary()
    while try rows.step() {
      let state = try rows.optionalInt64(0).map(OutcomeRow.state) ?? .admitted
      let (count, amount) = (rows.int(2), rows.int64(3))
      func add(to tally: inout BatchSummary.Tally) {
        tally.count += count
        guard let currency = Currency(code: rows.text(1)) else { return }
        tally.amounts[currency, default: 0] += amount
      }
      switch Tallies.Standing(state) {
      case .waiting: add(to: &summary.pending)
      case .inDoubt:
        add(to: &summary.pending)
        summary.inDoubtCount += count
      case .succeeded:
        add(to: &summary.succeeded)
        if rows.int(4) != 0 { add(to: &summary.byHand) }
      case .byHand: throw JournalError.impossible("a line that stands in a count besides its own")
      case .failed: add(to: &summary.failed)
      }
    }
    return summary
  }
}
