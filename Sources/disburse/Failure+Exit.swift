import ArgumentParser
import Batch
import Glibc
import Station

/// The exit statuses that documents promise, from sysexits(3).
enum ExitStatus: Int32 {
  case done = 0
  case someFailed = 2
  case usage = 64
  case data = 65
  case unavailable = 69
  case cannotCreate = 73
  case inputOutput = 74
  case notPermitted = 77
  case configuration = 78

  init(_ kind: Failure.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .data: .data
      case .unavailable: .unavailable
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .notPermitted: .notPermitted
      case .configuration: .configuration
      }
  }

  /// What ends a command that has told everything itself.
  var exitCode: ExitCode { ExitCode(rawValue) }
}

extension Failure {
  /// Tells the error, as JSON where that was asked for, and ends the process. `--help` is told by the argument parser.
  static func exit(with error: any Error) -> Never {
    if let output = error as? OutputError { exit(with: output) }
    if let failure = error as? CommandFailure { exit(with: failure) }
    if let failure = Failure(error) {
      exit(
        with: CommandFailure(
          status: ExitStatus(failure.kind), code: failure.code, message: failure.message, hint: failure.hint))
    }
    let code = Disburse.exitCode(for: error)
    if code == .validationFailure { exitOnUsage(error) }
    // What was done and told counts for nothing to one who did not get to read it.
    if code.isSuccess || code == ExitStatus.someFailed.exitCode, let output = Output.failed { exit(with: output) }
    // An error that no room has a word for; the parser's own are a status, or a text that was asked for.
    if code == .failure, !(error is ExitCode) {
      exit(with: CommandFailure(status: .inputOutput, code: "unexpected", message: "\(error)"))
    }
    Disburse.exit(withError: error)
  }

  private static func exit(with failure: CommandFailure) -> Never {
    if CommandLine.asksForJSON { Output.print(.object([("error", failure.json)])) }
    failure.complain()
    Glibc.exit(failure.status.rawValue)
  }

  private static func exit(with error: OutputError) -> Never {
    if !error.isClosedReader { Output.complain("error: \(error.message)") }
    Glibc.exit(ExitStatus.inputOutput.rawValue)
  }

  /// The argument parser's words in our spelling: `error:`, and an object for a program.
  private static func exitOnUsage(_ error: any Error) -> Never {
    if CommandLine.asksForJSON {
      let message = Disburse.message(for: error)
      Output.print(.object([("error", .object([("code", .string("usage")), ("message", .string(message))]))]))
    }
    let text = Disburse.fullMessage(for: error)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let isFirst = index == 0 && line.hasPrefix("Error: ")
      Output.complain(isFirst ? "error: \(line.dropFirst(7))" : String(line))
    }
    Glibc.exit(ExitStatus.usage.rawValue)
  }

  /// The error as a program gets to see it.
  var json: JSONValue {
    .object(compacting: [("code", .string(code)), ("message", .string(message)), ("hint", .optional(hint))])
  }

  /// The error in the list of a file's errors.
  var problem: JSONValue { .object([("code", .string(code)), ("message", .string(message))]) }

  /// Tells a person; the name of the file it is about is told when the message lacks it.
  func complain(of file: String? = nil) {
    let place = file.flatMap { message.contains($0) ? nil : "\($0): " } ?? ""
    Output.complain("error: \(place)\(message)")
    if let hint { Output.complain("hint:  \(hint)") }
  }
}
