internal import Batch
internal import Cryptography
internal import GRDB
internal import Storage

/// What the trail tells of one batch.
struct ToldBatch {
  struct Entry {
    let number: Int64
    let action: AuditAction
    let key: String?
    let details: [AuditEvent.Detail]

    func detail(_ name: String) -> String? { details.first { $0.name == name }?.value }
    func count(_ name: String) -> Int { detail(name).flatMap { Int($0) } ?? 0 }
  }

  /// The entry that admits or rejects it.
  private(set) var decision: Entry?
  /// The last entry that tells of a result.
  private(set) var published: Entry?
  /// Lines at admission, and what became of them since.
  private(set) var count = 0
  private(set) var succeeded = 0
  private(set) var failed = 0
  private(set) var approvalFaults: [String] = []
  /// Whether an operator reopened it after the last result.
  private var isReopened = false
  private var approvals: Set<[String]> = []

  init(_ record: BatchRecord, in db: Database) throws {
    // By the batch's own index, whatever the planner thinks of the partner's.
    let rows = try db.bulk(
      """
      SELECT number, action, actor, key, details FROM audit INDEXED BY audit_batch
      WHERE batch_id = ? AND partner = ? ORDER BY number
      """)
    rows.bind(record.header.batchID, at: 1)
    rows.bind(record.partner, at: 2)
    while try rows.step() {
      let entry = Entry(
        number: rows.int64(0), action: AuditAction(rawValue: rows.text(1)), key: rows.optionalText(3),
        details: AuditDetails.decode(rows.blob(4)))
      take(entry, actor: rows.text(2), of: record.number)
    }
    try compareApprovals(of: record.number, in: db)
  }

  private mutating func take(_ entry: Entry, actor: String, of number: BatchNumber) {
    let isOurs = entry.detail("number") == "\(number.rawValue)"
    switch entry.action {
    case .batchAdmitted, .batchRejected:
      guard isOurs else { return }
      decision = entry
      count = entry.count("count")
      failed = entry.count("refused")
    // What an ID was used for before, in a batch that was rejected, is another's.
    case _ where decision == nil: return
    case .batchRecorded:
      succeeded += entry.count("settled")
      failed += entry.count("rejected")
    case .batchRetried:
      failed -= entry.count("count")
      isReopened = true
    case .instructionSettled:
      succeeded += 1
      if entry.detail("before") == "rejected" { failed -= 1 }
      isReopened = true
    case .resultPublished:
      guard isOurs else { return }
      published = entry
      isReopened = false
    case .batchApproved: approvals.insert([actor, entry.key ?? "", entry.detail("round") ?? ""])
    default: return
    }
  }

  func agrees(with tallies: BatchSummary) -> Bool {
    count == tallies.count && succeeded == tallies.succeeded.count && failed == tallies.failed.count
  }

  /// What the journal says otherwise of the last result.
  func publicationFaults(_ record: BatchRecord, _ tallies: BatchSummary) -> [String] {
    guard let published else {
      return record.isPublished ? ["the journal has a published result, and no entry tells of it"] : []
    }
    let told = published.count("revision")
    guard let publication = record.publication, record.isPublished else {
      // The next one may be prepared, and not in its place.
      if let prepared = record.publication, prepared.revision > told { return [] }
      return ["entry \(published.number) tells of revision \(told), and the journal has none"]
    }
    var faults: [String] = []
    func compare(_ what: String, _ found: String, _ told: String?) {
      if found != told {
        faults.append("its \(what) is \(found), and entry \(published.number) says \(told ?? "none")")
      }
    }
    compare("revision", "\(publication.revision)", published.detail("revision"))
    compare("result", publication.path, published.detail("result"))
    compare("result's SHA-256", Hexadecimal.string(publication.digest), published.detail("sha256"))
    compare("result's witness", publication.witness.map { "\($0)" } ?? "", published.detail("witness") ?? "")
    compare("result's signer", publication.signer ?? "", published.key ?? "")
    if !isReopened { compare("status", "\(record.life.state)", published.detail("status")) }
    guard !record.isChanged else { return faults }
    compare("count of succeeded lines", "\(tallies.succeeded.count)", published.detail("succeeded"))
    compare("count of failed lines", "\(tallies.failed.count)", published.detail("failed"))
    compare("count of pending lines", "\(tallies.pending.count)", published.detail("pending"))
    for (currency, amount) in tallies.succeeded.amounts.sorted(by: { $0.key < $1.key }) {
      let decimal = Money(minorUnits: amount, currency: currency).decimal
      compare("sum in \(currency.code)", decimal, published.detail("succeeded.\(currency.code)"))
    }
    return faults
  }

  private mutating func compareApprovals(of number: BatchNumber, in db: Database) throws {
    let rows = try db.bulk("SELECT operator, evidence, round FROM approval WHERE batch = ?")
    rows.bind(number.rawValue, at: 1)
    var stored: Set<[String]> = []
    while try rows.step() { stored.insert([rows.text(0), rows.text(1), "\(rows.int64(2))"]) }
    for approval in stored.subtracting(approvals).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      approvalFaults.append(
        "the journal has an approval by \(approval[0]) for round \(approval[2]) that no entry tells")
    }
    for approval in approvals.subtracting(stored).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      approvalFaults.append("an entry tells an approval by \(approval[0]) for round \(approval[2]) that is not stored")
    }
  }
}
