import Batch
import Glibc
import Logging
import Station
import TestKit

/// A log that goes to a file.
final class LogCapture: Sendable {
  let directory: TemporaryDirectory
  let writer: LogWriter
  private let descriptor: Int32

  init() throws {
    directory = try TemporaryDirectory()
    descriptor = open(directory.file("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Command.Failure(description: "the log can't be opened") }
    writer = LogWriter(descriptor: descriptor)
  }

  func logger(
    _ format: LogFormat = .text, level: Logger.Level = .info, clock: any WallClock = MovableClock()
  ) -> Logger {
    Logger(label: "spool") { [writer] label in
      StationLogHandler(label: label, format: format, level: level, clock: clock, writer: writer)
    }
  }

  var text: String { get throws { String(decoding: try directory.read("log"), as: UTF8.self) } }
  var lines: [String] { get throws { try text.split(separator: "\n").map(String.init) } }

  deinit { close(descriptor) }
}
