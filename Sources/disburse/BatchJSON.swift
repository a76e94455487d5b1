import Batch
import Journal
import Partners
import Pipeline
import Wallet

extension BatchLifecycle.State {
  /// The word on the command line.
  var name: String {
    switch self {
    case .admitting: "admitting"
    case .admitted: "admitted"
    case .rejected: "rejected"
    case .partial: "partial"
    case .completed: "completed"
    }
  }
}

extension BatchRecord {
  /// The status as documents spell it.
  var status: String { life.state.name.uppercased() }

  private func members(result: String?) -> [(String, JSONValue?)] {
    [
      ("number", .integer(number.rawValue)), ("batchID", .string(header.batchID)), ("partner", .string(partner)),
      ("kind", .string(header.kind.name)), ("status", .string(status)), ("programID", .optional(header.programID)),
      ("executeAt", .optional(header.executeAt?.rfc3339)), ("expiresAt", .optional(header.expiresAt?.rfc3339)),
      ("file", .string(file)), ("decidedAt", .optional(decidedAt?.rfc3339)),
      ("revision", isPublished ? publication.map { .integer(Int64($0.revision)) } : nil),
      ("result", .optional(result)), ("hold", hold), ("round", .integer(Int64(round))),
      ("orderedBy", .optional(orderedBy?.rawValue)),
      (
        "cancellation",
        cancellation.map { .object([("code", .string($0.code.rawValue)), ("message", .string($0.message))]) }
      ),
    ]
  }

  /// The batch as a list shows it.
  func json(result: String?) -> JSONValue { .object(compacting: members(result: result)) }

  /// The batch with its counts and sums, and a page of its instructions.
  func json(
    result: String?, _ summary: BatchSummary, lines: [JSONValue]?, next: String? = nil,
    approvals: [RecordedApproval] = []
  ) -> JSONValue {
    .object(
      compacting: members(result: result) + [
        ("approvals", approvals.isEmpty ? nil : .array(approvals.map(\.json))),
        ("summary", ResultSummary(summary).json), ("errors", rejection.map(RejectionReport.errors)),
        ("instructions", lines.map { .array($0) }), ("next", .optional(next)),
      ])
  }
}
