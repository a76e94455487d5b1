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
  /// Tells the error, as JSON where that was asked for, and ends the process. Usage errors and `--help` are told by
  /// the argument parser.
  static func exit(with error: any Error) -> Never {
    if let failure = Failure(error) {
      if CommandLine.asksForJSON { Output.print(.object([("error", failure.json)])) }
      failure.complain()
      Glibc.exit(ExitStatus(failure.kind).rawValue)
    }
    if CommandLine.asksForJSON, Disburse.exitCode(for: error) == .validationFailure {
      let message = Disburse.message(for: error)
      Output.print(.object([("error", .object([("code", .string("usage")), ("message", .string(message))]))]))
    }
    Disburse.exit(withError: error)
  }

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
