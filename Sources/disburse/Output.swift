import ArgumentParser
import Batch
import Glibc
import Synchronization

/// How a command reports.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}

/// Standard output could not take a report.
struct OutputError: Error, Equatable {
  /// The number that the system gave.
  let code: Int32

  /// Who closed the other end has seen enough, and needs no words.
  var isClosedReader: Bool { code == EPIPE }
  /// What happened.
  var message: String { "standard output can't be written: \(String(cString: strerror(code)))" }
}

/// Reports go to standard output, everything for a person's eye to standard error.
enum Output {
  /// The first error of standard output. The work goes on without it, the exit status tells it.
  private static let failure = Mutex<OutputError?>(nil)

  /// Prints one JSON object.
  static func print(_ value: JSONValue) {
    write(value.serialized(pretty: true) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
  }

  /// Prints a line of a report.
  static func print(_ line: String) { write(Array((Terminal.escaped(line) + "\n").utf8), to: STDOUT_FILENO) }

  /// Says something to the person.
  static func complain(_ line: String) { write(Array((Terminal.escaped(line) + "\n").utf8), to: STDERR_FILENO) }

  /// Writes bytes as they are.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  /// Writes everything. An error of standard output is kept for `check()`; one of standard error can't be told.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    if descriptor == STDOUT_FILENO, failed != nil { return }
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = OutputError(code: count < 0 ? errno : EIO)
        if descriptor == STDOUT_FILENO { failure.withLock { $0 = $0 ?? error } }
        return
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Why standard output has lost something, when it has.
  static var failed: OutputError? { failure.withLock { $0 } }

  /// Throws when standard output has lost anything.
  static func check() throws(OutputError) {
    if let error = failed { throw error }
  }
}

extension CommandLine {
  /// Whether `--format json` was asked for, also when the arguments could not be understood.
  static var asksForJSON: Bool {
    zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
      || arguments.contains("--format=json")
  }
}
