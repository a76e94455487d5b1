internal import Batch

/// A walk along the trail as a pure value: entries in, findings out, in memory that does not grow with the trail.
struct AuditChain {
  private(set) var last = AuditHead.empty
  private(set) var count = 0
  private var lastAt = Int64.min
  private var stepsBack = 0
  private var firstStepBack: Int64?
  /// Changes of other stores that were begun: what, and at which entry.
  private var begun: [String: (change: String, entry: Int64)] = [:]

  /// The next entry, as it is stored, with the hash that is stored with it.
  mutating func take(_ row: AuditRow, hash: [UInt8], _ findings: inout AuditFindings) throws {
    let place = "entry \(row.number)"
    let isNext = row.number == last.number + 1
    if !isNext {
      let missing = last.number + 1 == row.number - 1 ? "\(row.number - 1)" : "\(last.number + 1) to \(row.number - 1)"
      findings.add(
        AuditFinding(.entriesMissing, entry: row.number, at: place, "\(missing) before it: not in the trail"))
    }
    // Behind a gap, what stood before is not known.
    if isNext, row.previous != last.hash {
      findings.add(
        AuditFinding(
          .chainBroken, entry: row.number, at: place, "it names another hash than entry \(last.number) has before it"))
    }
    if try row.hash() != hash {
      findings.add(
        AuditFinding(.entryChanged, entry: row.number, at: place, "it says another thing than its hash does"))
    }
    if row.at < lastAt {
      stepsBack += 1
      firstStepBack = firstStepBack ?? row.number
    }
    follow(row)
    lastAt = row.at
    last = AuditHead(number: row.number, hash: hash)
    count += 1
  }

  /// The end of the trail, in which `used` is the highest number that an entry ever had.
  mutating func finish(used: Int64, _ findings: inout AuditFindings) {
    if used > last.number {
      findings.add(
        AuditFinding(
          .truncated, at: "the end of the trail",
          "the last entry is \(last.number), and the journal has had \(used) of them"))
    }
    if used < last.number {
      findings.add(
        AuditFinding(
          .unguarded, at: "sqlite_sequence",
          "it says that the trail had \(used) entries, and there is the entry \(last.number)"))
    }
    if let first = firstStepBack {
      findings.add(
        AuditFinding(
          .clockWentBack, entry: first, at: "entry \(first)",
          "it was written at an earlier time than the one before it; \(stepsBack) such steps in all"))
    }
    for (_, change) in begun.sorted(by: { $0.value.entry < $1.value.entry }) {
      findings.add(
        AuditFinding(
          .changeUnfinished, entry: change.entry, at: "entry \(change.entry)",
          "\(change.change) was begun, and nothing tells how it ended"))
    }
  }

  private mutating func follow(_ row: AuditRow) {
    guard let action = row[.action].map(AuditAction.init(rawValue:)) else { return }
    // What is done for every claim has no such mark, and is not decoded.
    guard action != .batchClaimed, action != .batchRecorded,
      case let details = AuditDetails.decode(row.details),
      let mark = details.first(where: { $0.name == AuditEvent.changeMark })?.value
    else { return }
    if action == .changeBegun {
      guard begun.count < AuditFindings.limit else { return }
      begun[mark] = (details.first { $0.name == "change" }?.value ?? "a change", row.number)
    } else {
      begun[mark] = nil
    }
  }
}
