import Batch
import Journal

extension AuditEntry {
  /// The entry as a program gets to see it.
  var json: JSONValue {
    .object(compacting: [
      ("number", .integer(number)), ("at", .string(at.rfc3339)), ("action", .string(event.action.rawValue)),
      ("actor", .string(event.actor.rawValue)), ("partner", .optional(event.partner)),
      ("batchID", .optional(event.batchID)), ("file", .optional(event.file)), ("key", .optional(event.key)),
      ("details", .object(event.details.map { ($0.name, .string($0.value)) })),
      ("previous", .string(Self.digits(previous))), ("hash", .string(Self.digits(hash))),
    ])
  }

  /// The entries as a person reads them. Keys are shortened; the whole of them is in the JSON.
  static func show(_ entries: [AuditEntry]) {
    var table = Table("#ENTRY", "AT", "ACTOR", "ACTION", "PARTNER", "BATCH", "DETAILS")
    for entry in entries {
      let event = entry.event
      var words = event.details.map { "\($0.name)=\(short($0.value))" }
      if let file = event.file { words.insert("file=\(file)", at: 0) }
      let keys = event.key.map { $0.split(separator: ",").map { short(String($0)) } } ?? []
      if !keys.isEmpty { words.append("key=\(keys.joined(separator: ","))") }
      table.add(
        "\(entry.number)", entry.at.rfc3339, event.actor.rawValue, event.action.rawValue, event.partner ?? "",
        event.batchID ?? "", words.joined(separator: " "))
    }
    table.print()
  }

  /// A digest by its beginning.
  private static func short(_ value: String) -> String {
    value.utf8.count >= 64 ? "\(value.prefix(16))…" : value
  }

  private static func digits(_ bytes: [UInt8]) -> String { AuditHead(number: 0, hash: bytes).hexadecimal }
}

extension AuditReport {
  /// The report as a program gets to see it.
  var json: JSONValue {
    .object([
      ("whole", .bool(findings.faultCount == 0)),
      ("head", .object([("entry", .integer(head.number)), ("hash", .string(head.hexadecimal))])),
      ("entries", .integer(Int64(entryCount))), ("batches", .integer(Int64(batchCount))),
      ("files", .integer(Int64(fileCount))), ("witnesses", .integer(Int64(witnessCount))),
      ("faultCount", .integer(Int64(findings.faultCount))), ("warningCount", .integer(Int64(findings.warningCount))),
      ("findings", .array(findings.list.map(\.json))),
    ])
  }

  /// The report as a person reads it.
  func show() {
    for finding in findings.list {
      Output.print("\(finding.kind.isFault ? "FAULT" : "note")  \(finding.kind.rawValue)  \(finding.place)")
      Output.print("       \(finding.message)")
      Output.print("       hint: \(finding.kind.remedy)")
    }
    let hidden = findings.faultCount + findings.warningCount - findings.list.count
    if hidden > 0 { Output.print("and \(hidden) more") }
    Output.print(
      "\(entryCount) entries, \(batchCount) batches, \(fileCount) results in the outbox, \(witnessCount) witnesses: "
        + (findings.faultCount == 0 ? "the trail is whole" : "\(findings.faultCount) faults"))
    Output.print("head: \(head)")
  }
}

extension AuditFinding {
  /// The finding as a program gets to see it.
  var json: JSONValue {
    .object(compacting: [
      ("kind", .string(kind.rawValue)), ("severity", .string(kind.isFault ? "fault" : "warning")),
      ("entry", entry.map { .integer($0) }), ("place", .string(place)), ("message", .string(message)),
      ("remedy", .string(kind.remedy)),
    ])
  }
}
