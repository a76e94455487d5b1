import Foundation

/// Runs a program and hands its output back.
struct Command {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// `openssl` with these arguments.
  @discardableResult
  static func openssl(_ arguments: String...) throws -> Data { try run("/usr/bin/openssl", arguments) }

  /// `openssl` with these arguments.
  @discardableResult
  static func openssl(_ arguments: [String]) throws -> Data { try run("/usr/bin/openssl", arguments) }

  @discardableResult
  static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let (stdout, stderr) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    let complaint = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) \(arguments): \(String(decoding: complaint, as: UTF8.self))")
    }
    return output
  }
}
