import Batch
import Station

/// An error of the command line itself, where the station has none.
struct CommandFailure: Error {
  let status: ExitStatus
  let code: String
  let message: String
  var hint: String?

  /// The error as a program gets to see it.
  var json: JSONValue {
    .object(compacting: [("code", .string(code)), ("message", .string(message)), ("hint", .optional(hint))])
  }

  /// Tells a person.
  func complain() {
    Output.complain("error: \(message)")
    if let hint { Output.complain("hint:  \(hint)") }
  }
}

extension CommandFailure {
  /// A document that was to be a result.
  init(_ error: ResultReaderError, of file: String, isBatch: Bool) {
    guard !isBatch else {
      self.init(
        status: .data, code: "no-result", message: "\(file): this is a batch, not a result",
        hint: "leave --format table out to see the document")
      return
    }
    let reason =
      switch error {
      case .malformed(let offset, let message): "\(message), at byte \(offset)"
      case .schema(let pointer, let message): "\(pointer) \(message)"
      }
    self.init(
      status: .data, code: "no-result", message: "\(file): this is not a result: \(reason)",
      hint: "leave --format table out to see the document")
  }
}
