internal import Batch
internal import GRDB
internal import Storage

extension AuditTrail {
  /// Goes along the whole trail, and compares the journal with what it tells, in one snapshot.
  static func check(_ witnesses: [(source: String, head: AuditHead)], in db: Database) throws -> AuditReport {
    var report = AuditReport()
    try checkGuards(in: db, &report.findings)
    try checkChain(in: db, &report)
    for (source, head) in witnesses { try check(head, from: source, in: db, &report) }
    try AuditedBatches.check(in: db, &report)
    return report
  }

  /// Looks for a head that was given out.
  static func check(_ witness: AuditHead, from place: String, in db: Database, _ report: inout AuditReport) throws {
    report.witnessCount += 1
    if witness.number == 0 {
      guard witness.hash == AuditHead.empty.hash else {
        return report.findings.add(
          AuditFinding(.witnessDiffers, at: place, "an empty trail has another head than this"))
      }
      return
    }
    if witness.number > report.head.number {
      return report.findings.add(
        AuditFinding(
          .truncated, entry: report.head.number, at: place,
          "it names entry \(witness.number), and the trail ends at \(report.head.number)"))
    }
    guard let hash = try hash(of: witness.number, in: db) else {
      return report.findings.add(
        AuditFinding(.entriesMissing, entry: witness.number, at: place, "it names an entry that is not there"))
    }
    guard hash == witness.hash else {
      return report.findings.add(
        AuditFinding(
          .witnessDiffers, entry: witness.number, at: place,
          "it has another hash for entry \(witness.number) than the trail"))
    }
  }

  /// The hash that is stored with an entry.
  static func hash(of number: Int64, in db: Database) throws -> [UInt8]? {
    let row = try db.bulk("SELECT hash FROM audit WHERE number = ?")
    row.bind(number, at: 1)
    guard try row.step() else { return nil }
    defer { row.reset() }
    return row.blob(0)
  }

  private static func checkChain(in db: Database, _ report: inout AuditReport) throws {
    var chain = AuditChain()
    let rows = try db.bulk("SELECT \(columns) FROM audit ORDER BY number")
    while try rows.step() {
      let row = AuditRow(rows)
      try chain.take(row, hash: rows.blob(10), &report.findings)
      try checkBatch(of: row, in: db, &report.findings)
    }
    let used = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
    chain.finish(used: used, &report.findings)
    report.head = chain.last
    report.entryCount = chain.count
  }

  /// Whether the journal has the batch whose decision an entry tells.
  private static func checkBatch(of row: AuditRow, in db: Database, _ findings: inout AuditFindings) throws {
    let action = row[.action].map(AuditAction.init(rawValue:))
    guard action == .batchAdmitted || action == .batchRejected else { return }
    let details = AuditDetails.decode(row.details)
    let number = details.first { $0.name == "number" }.flatMap { Int64($0.value) }
    let find = try db.bulk(
      "SELECT 1 FROM batch b JOIN partner p ON p.id = b.partner WHERE b.id = ? AND b.batch_id = ? AND p.name = ?")
    find.bind(number, at: 1)
    find.bind(row[.batchID], at: 2)
    find.bind(row[.partner], at: 3)
    let isThere = try find.step()
    find.reset()
    guard !isThere else { return }
    findings.add(
      AuditFinding(
        .batchMissing, entry: row.number, at: "batch \(row[.batchID] ?? "") of \(row[.partner] ?? "")",
        "entry \(row.number) decides on it, and the journal does not have it"))
  }

  /// What keeps entries from being changed is compared with what the schema makes.
  private static func checkGuards(in db: Database, _ findings: inout AuditFindings) throws {
    let found = try String.fetchSet(
      db, sql: "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    let made = Set(JournalSchema.auditGuards)
    guard found != made else { return }
    findings.add(
      AuditFinding(
        .unguarded, at: "table audit",
        "\(made.subtracting(found).count) of its \(made.count) triggers are missing or changed, "
          + "\(found.subtracting(made).count) are strange"))
  }
}
