import Cryptography
import Glibc
import Journal
import Pipeline

/// The sealed results that are still in the outbox beside what the trail says of them. One that was fetched is no fault.
struct OutboxCheck {
  /// A place that was published and whose file is another.
  private struct Suspect {
    let entry: AuditEntry
    let found: String
  }

  let outbox: String
  let journal: SQLiteJournal

  func run(_ report: inout AuditReport) async throws {
    // A place that its reader has emptied may be given again: then the last entry that names it counts.
    var suspects: [String: Suspect] = [:]
    var query = AuditQuery()
    query.action = .resultPublished
    query.limit = 500
    while true {
      let entries = try await journal.auditEntries(matching: query)
      for entry in entries where entry.number <= report.head.number {
        guard let place = entry.event.detail("result"), let told = entry.event.detail("sha256"),
          let found = try digest(of: place)
        else { continue }
        report.fileCount += 1
        suspects[place] = found == told ? nil : Suspect(entry: entry, found: found)
      }
      guard let last = entries.last else { break }
      query.after = last.number
    }
    for (place, suspect) in suspects.sorted(by: { $0.key < $1.key }) {
      report.findings.add(
        AuditFinding(
          .fileChanged, entry: suspect.entry.number, at: "\(outbox)/\(place)",
          "entry \(suspect.entry.number) published a file of SHA-256 \(suspect.entry.event.detail("sha256") ?? ""), this "
            + "one has \(suspect.found)"))
    }
  }

  /// The digest of a result; `nil` when it is not there. A place that leads out of the outbox is none of ours.
  private func digest(of place: String) throws -> String? {
    guard !place.split(separator: "/").contains("..") else { return nil }
    guard let bytes = try FileDigest.sha256(of: "\(outbox)/\(place)") else { return nil }
    return Hexadecimal.string(bytes)
  }
}
