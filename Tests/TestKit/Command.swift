import Foundation
import Glibc

/// What a program left behind.
public struct Execution: Sendable, CustomStringConvertible {
  /// The exit status; 128 and the signal for a program that was killed.
  public let status: Int32
  /// All that it wrote to standard output.
  public let output: [UInt8]
  /// All that it wrote to standard error.
  public let complaint: [UInt8]

  /// Standard output as text.
  public var stdout: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  public var stderr: String { String(decoding: complaint, as: UTF8.self) }
  /// The one JSON object on standard output.
  ///
  /// - Throws: when standard output is anything else.
  public var json: JSON { get throws { try JSON(object: output) } }

  /// The whole of it, for a failed expectation.
  public var description: String { "status \(status)\n\(stdout)\n\(stderr)" }
}

/// Runs programs.
public enum Command {
  /// What a program could not do.
  public struct Failure: Error, CustomStringConvertible {
    /// Which program, and its own words.
    public let description: String

    /// A failure that `description` tells.
    public init(description: String) { self.description = description }
  }

  /// Runs `program`, a path, to its end.
  ///
  /// - Parameters:
  ///   - environment: added to this process's own, of which no `DISBURSE_` variable is handed on.
  ///   - input: what stands on standard input; nothing when it is `nil`.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil
  ) throws -> Execution {
    try start(program, arguments, environment: environment, input: input).end()
  }

  /// Starts `program`, a path, and does not wait for it.
  public static func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil
  ) throws -> RunningProgram {
    // Files, not pipes: nobody has to read them while the program runs.
    let directory = try TemporaryDirectory()
    let source = try input.map { try directory.write($0, as: "in") } ?? "/dev/null"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, directory.file("out"), O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, directory.file("error"), O_WRONLY | O_CREAT, 0o600)
    // A thread of a test blocks signals, and a shell would wait for its children's end for ever.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DISBURSE") }
    variables.merge(environment) { $1 }

    var process: pid_t = 0
    let code = withStrings([program] + arguments) { arguments in
      withStrings(variables.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&process, program, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else { throw Failure(description: "\(program): \(String(cString: strerror(code)))") }
    return RunningProgram(process: process, name: program, directory: directory)
  }

  /// Runs a program that is expected to succeed, found on the path.
  @discardableResult
  public static func tool(_ name: String, _ arguments: [String], input: [UInt8]? = nil) throws -> [UInt8] {
    let result = try run("/usr/bin/env", [name] + arguments, input: input)
    guard result.status == 0 else { throw Failure(description: "\(name) \(arguments): \(result)") }
    return result.output
  }

  /// `openssl` with these arguments.
  @discardableResult
  public static func openssl(_ arguments: [String], input: [UInt8]? = nil) throws -> [UInt8] {
    try tool("openssl", arguments, input: input)
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
