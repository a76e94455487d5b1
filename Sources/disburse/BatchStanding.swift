import Batch
import Journal

extension BatchRecord {
  /// What holds the batch, as `--format json` shows it.
  var hold: JSONValue? {
    life.hold.map { .object(compacting: [("cause", .string($0.name)), ("note", .optional(holdNote))]) }
  }

  /// What operators and the partner's rules have done to the batch, for a person.
  func standing(_ approvals: [RecordedApproval]) -> [String] {
    var lines: [String] = []
    if life.isUnfinished {
      if let executeAt = header.executeAt { lines.append("nothing is sent before \(executeAt.rfc3339)") }
      if let expiresAt = header.expiresAt { lines.append("nothing is sent after \(expiresAt.rfc3339)") }
    }
    if let orderedBy { lines.append("retry: ordered by \(orderedBy.rawValue), round \(round)") }
    for approval in approvals {
      lines.append(
        "released: by \(approval.approval.actor.rawValue) (\(approval.approval.evidence)), \(approval.at.rfc3339), "
          + "round \(approval.approval.round)")
    }
    if let cause = life.hold { lines.append("held: \(cause.name)\(holdNote.map { ", \($0)" } ?? "")") }
    if let cancellation { lines.append("\(cancellation.code.rawValue): \(cancellation.message)") }
    return lines
  }
}

extension RecordedApproval {
  /// The approval as `--format json` shows it.
  var json: JSONValue {
    .object([
      ("operator", .string(approval.actor.rawValue)), ("evidence", .string(approval.evidence)),
      ("isSigned", .bool(approval.signature != nil)), ("round", .integer(Int64(approval.round))),
      ("at", .string(at.rfc3339)),
    ])
  }
}
