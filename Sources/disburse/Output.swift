import ArgumentParser
import Batch
import Glibc

/// How a command reports.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}

/// Reports go to standard output, everything for a person's eye to standard error.
enum Output {
  /// Prints one JSON object.
  static func print(_ value: JSONValue) {
    write(value.serialized(pretty: true) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
  }

  /// Prints a line of a report.
  static func print(_ line: String) { write(Array((line + "\n").utf8), to: STDOUT_FILENO) }

  /// Says something to the person.
  static func complain(_ line: String) { write(Array((line + "\n").utf8), to: STDERR_FILENO) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  /// Writes everything; a reader that is gone is none to complain to.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}

extension CommandLine {
  /// Whether `--format json` was asked for, also when the arguments could not be understood.
  static var asksForJSON: Bool {
    zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
      || arguments.contains("--format=json")
  }
}
