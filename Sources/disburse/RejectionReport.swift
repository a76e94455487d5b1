import Batch
import Station

/// How a rejected file is told.
enum RejectionReport {
  /// How many errors a person gets to see; a program gets all that are listed.
  private static let shownProblems = 20

  /// The report of a command that has nothing else to report.
  static func show(_ rejection: Rejection, of file: String, _ format: OutputFormat) {
    if format == .json {
      Output.print(
        .object([
          ("file", .string(file)), ("status", .string("REJECTED")), ("errors", errors(rejection)),
          ("errorCount", .integer(Int64(rejection.errorCount))),
        ]))
    }
    explain(rejection, of: file, detail: nil)
  }

  static func explain(_ rejection: Rejection, of file: String, detail: String?) {
    if rejection.errorCount == 1, let problem = rejection.problems.first {
      Output.complain("error: \(file) was rejected: \(line(problem))")
    } else {
      Output.complain("error: \(file) was rejected for \(rejection.errorCount) errors")
      for problem in rejection.problems.prefix(shownProblems) { Output.complain("  - \(line(problem))") }
      if rejection.errorCount > shownProblems {
        Output.complain("  … \(rejection.errorCount - shownProblems) more; --format json lists them")
      }
    }
    if let detail { Output.complain("note:  \(detail)") }
    for hint in RejectionHint.texts(for: rejection) { Output.complain("hint:  \(hint)") }
  }

  /// The errors as a sealed result has them.
  static func errors(_ rejection: Rejection) -> JSONValue { .array(rejection.problems.map(\.json)) }

  /// The code, the place and the message.
  static func line(_ problem: Problem) -> String {
    let place = [problem.pointer, problem.byteOffset.map { "byte \($0)" }].compactMap(\.self)
      .filter { !$0.isEmpty }.joined(separator: ", ")
    return "\(problem.code.rawValue)\(place.isEmpty ? "" : " at \(place)"): \(problem.message)"
  }
}
