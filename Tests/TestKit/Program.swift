import Foundation

/// The `disburse` program that was built beside the tests.
public enum Program {
  /// Where it is: the tests are an executable, or a bundle beside it; `DISBURSE` names another.
  public static let path: String = {
    if let named = ProcessInfo.processInfo.environment["DISBURSE"] { return named }
    var directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    while directory.path.count > 1 {
      let candidate = directory.appending(path: "disburse").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      directory.deleteLastPathComponent()
    }
    return "disburse"
  }()

  /// Runs it to its end.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil
  ) throws -> Execution {
    try Command.run(path, arguments, environment: environment, input: input)
  }
}
