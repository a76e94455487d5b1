import Batch

/// `NAME.rejected.json`: why a file was refused, in the words that its sender may see, and nothing of its content.
enum RejectionFile {
  /// The report on `item`.
  static func bytes(for rejection: Rejection, of item: WorkItem, at now: Timestamp) -> [UInt8] {
    JSONValue.object(compacting: [
      ("file", .string(item.name)), ("partner", .string(item.partner)), ("id", .string(item.token)),
      ("at", .string(now.rfc3339)), ("status", .string("REJECTED")), ("code", .string(rejection.code.rawValue)),
      ("message", .optional(rejection.problems.first?.message)),
      ("errorCount", .integer(Int64(rejection.errorCount))), ("errors", .array(rejection.problems.map(\.json))),
    ]).serialized(pretty: true) + [UInt8(ascii: "\n")]
  }
}

/// The name of a file where others of its name may be already: `NAME.p7m`, then `NAME-2.p7m` and so on.
struct NumberedName: Hashable, Sendable {
  private let stem: String
  private let ending: String

  init(_ name: String) {
    let isSealed = name.hasSuffix(".p7m") && name.utf8.count > 4
    stem = isSealed ? String(name.dropLast(4)) : name
    ending = isSealed ? ".p7m" : ""
  }

  /// The sealed file's name.
  func file(_ number: Int) -> String { "\(numbered(number))\(ending)" }
  /// The name of the report on it.
  func report(_ number: Int) -> String { "\(numbered(number)).rejected.json" }

  private func numbered(_ number: Int) -> String { number == 1 ? stem : "\(stem)-\(number)" }
}
