import Foundation
import Storage
import TestKit
import Testing

/// A home of its own for one run of a scenario: a copy of one that the program made.
struct CrashHome: Sendable {
  static let killed: Int32 = 128 + 9

  let scenario: Scenario
  let directory: TemporaryDirectory
  let original: TestHome

  var path: String { directory.file("home") }
  var outbox: String { "\(path)/spool/outbox/\(TestHome.partner)" }
  /// Where `-o` puts the copy of the result.
  var copy: String { directory.file("copy.p7m") }

  init(_ scenario: Scenario) throws {
    self.scenario = scenario
    directory = try TemporaryDirectory()
    original = try Self.originals[scenario]?.get() ?? TestHome()
    try Command.tool("cp", ["-a", original.path, path])
    try Command.tool("cp", [original.directory.file("batch.p7m"), directory.file("batch.p7m")])
  }

  /// One home for each scenario, with its sealed batch beside it.
  private static let originals: [Scenario: Result<TestHome, any Error>] = Dictionary(
    uniqueKeysWithValues: Scenario.allCases.map { scenario in
      let home = Result {
        let home = try TestHome()
        try home.expectSuccess([
          "wallet", "account", "open", "MSISDN", Scenario.inactivePayee, "--state", "inactive",
        ])
        try home.expectSuccess([
          "wallet", "account", "open", "MSISDN", Scenario.limitedPayee, "--max-balance", "50RWF",
        ])
        try home.directory.write(
          Sealing(by: [home.keys.maker]).seal(scenario.document.bytes, to: home.processor), as: "batch.p7m")
        return home
      }
      return (scenario, home)
    })

  /// Runs `process` on the batch, to be killed at a crash point when one is named.
  func process(crashAt point: String? = nil) throws -> Execution {
    var environment = environment
    environment["DISBURSE_CRASH_AT"] = point
    return try Program.run(arguments, environment: environment)
  }

  /// Runs `process` under `strace`, which does `fault` (`signal=KILL`, `error=EIO`) at the `number`-th `call` that a
  /// thread makes.
  func process(_ fault: String, at number: Int, of call: String) throws -> Execution {
    try Command.run(
      "/usr/bin/env",
      ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e"]
        + ["inject=\(call):\(fault):when=\(number)", Program.path] + arguments,
      environment: environment)
  }

  /// Runs the same command until it comes to its end.
  func goOn() throws -> Execution { try process() }

  private var arguments: [String] {
    ["process", directory.file("batch.p7m"), "-o", copy, "--format", "json"]
  }

  // Small claims, so that several are in flight and some are left when the process dies.
  private var environment: [String: String] {
    ["DISBURSE_HOME": path, "DISBURSE_DISPATCH_CLAIM_SIZE": "32"]
  }
}
