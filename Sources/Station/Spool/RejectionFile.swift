import Batch

/// `NAME.rejected.json`: why a file was refused, by codes and places, and nothing of its content. It lies in clear: the
/// particulars are in the sealed answer.
enum RejectionFile {
  /// The report on `item`.
  static func bytes(for rejection: Rejection, of item: WorkItem, at now: Timestamp) -> [UInt8] {
    JSONValue.object(compacting: [
      ("file", .string(item.name)), ("partner", .string(item.partner)), ("id", .string(item.token)),
      ("at", .string(now.rfc3339)), ("status", .string("REJECTED")), ("code", .string(rejection.code.rawValue)),
      ("message", .string(rejection.code.explanation)), ("errorCount", .integer(Int64(rejection.errorCount))),
      (
        "errors",
        .array(
          rejection.problems.map { problem in
            .object(compacting: [
              ("code", .string(problem.code.rawValue)), ("iso", .string(problem.code.iso)),
              ("pointer", .optional(problem.pointer)),
              ("byteOffset", problem.byteOffset.map { .integer(Int64($0)) }),
              ("message", .string(problem.code.explanation)),
            ])
          })
      ),
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
