import Batch
import Dispatch
import Glibc
import Logging
import Station
import TestKit
import Testing

@Suite("the log")
struct LogTests {
  @Test("a line of text has the time, the level, the part, the message and the fields by name")
  func text() throws {
    let capture = try LogCapture()
    let clock = MovableClock("2026-11-22T01:02:03.004Z")
    capture.logger(clock: clock).log(.info, "taken", .partner("social-registry"), .file("a.p7m"), .count(3))
    #expect(
      try capture.text
        == "2026-11-22T01:02:03.004Z info spool: taken count=3 file=a.p7m partner=social-registry\n")
  }

  @Test("a full second has its milliseconds, too")
  func fullSecond() throws {
    let capture = try LogCapture()
    capture.logger().log(.notice, "taken")
    #expect(try capture.text == "2026-11-22T01:02:03.000Z notice spool: taken\n")
  }

  @Test("a line of JSON is one object that any reader takes")
  func json() throws {
    let capture = try LogCapture()
    capture.logger(.json).log(.warning, "held", .batch("VUP \"1\""), .count(3))
    let line = try JSON(object: Array(capture.text.utf8))
    #expect(line["at"].text == "2026-11-22T01:02:03.000Z")
    #expect(line["level"].text == "warning")
    #expect(line["from"].text == "spool")
    #expect(line["message"].text == "held")
    #expect(line["fields"]["batch"].text == "VUP \"1\"")
    #expect(line["fields"]["count"].text == "3")
  }

  private static let hostile = "a\n2026-11-22T01:02:03.000Z info spool: paid\u{1B}[2J\u{202E}\u{2028}\u{0}=\"\\"

  @Test("a hostile name stays on its line of text and sends nothing to a terminal")
  func hostileText() throws {
    let capture = try LogCapture()
    capture.logger().log(.info, "taken", .file(Self.hostile))
    let text = try capture.text
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
  }

  @Test("a hostile name is the same text for a reader of JSON, on one line of plain characters")
  func hostileJSON() throws {
    let capture = try LogCapture()
    capture.logger(.json).log(.info, "taken", .file(Self.hostile))
    let text = try capture.text
    #expect(text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    #expect(try JSON(object: Array(text.utf8))["fields"]["file"].text == Self.hostile)
  }

  @Test("a value with spaces is one field")
  func quoted() throws {
    let capture = try LogCapture()
    capture.logger().log(.info, "held", .reason("too many failed"), .code(""))
    #expect(try capture.text.hasSuffix(#"held code="" reason="too many failed""# + "\n"))
  }

  @Test("what is below the level is not written")
  func level() throws {
    let capture = try LogCapture()
    let logger = capture.logger(level: .warning)
    logger.log(.info, "taken")
    logger.log(.error, "failed")
    #expect(try capture.lines.count == 1)
  }

  @Test("an error of the program is told by its code and its words")
  func knownError() throws {
    let capture = try LogCapture()
    capture.logger().log(.error, "failed", error: StationError.missingStore(path: "/home/journal.sqlite"))
    #expect(try capture.text.contains("error=missing-store"))
    #expect(try capture.text.contains("/home/journal.sqlite is missing"))
  }

  @Test("of an unknown error only the type is told: its text may hold anything")
  func unknownError() throws {
    struct Foreign: Error, CustomStringConvertible { let description = "250788123456 can't be paid" }
    let capture = try LogCapture()
    capture.logger().log(.error, "failed", error: Foreign())
    #expect(try capture.text.hasSuffix("spool: failed error=Foreign\n"))
  }

  @Test("lines of many threads do not mix")
  func concurrent() throws {
    let capture = try LogCapture()
    let logger = capture.logger(.json)
    DispatchQueue.concurrentPerform(iterations: 400) { logger.log(.info, "taken", .count($0)) }
    let counts = try capture.lines.map { try JSON(object: Array($0.utf8))["fields"]["count"].text ?? "" }
    #expect(Set(counts) == Set((0..<400).map(String.init)))
    #expect(counts.count == 400)
  }

  @Test("a reader that went away stops nothing")
  func closedReader() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try Pipe()
    close(pipe.reader)
    let logger = pipe.logger()
    logger.log(.info, "first")
    logger.log(.info, "second")
  }

  @Test("a reader that does not read loses lines, and learns how many once it reads")
  func slowReader() throws {
    let pipe = try Pipe()
    let logger = pipe.logger()
    let filling = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
    while write(pipe.writer, filling, filling.count) > 0 {}
    logger.log(.info, "first")
    logger.log(.info, "second")
    pipe.drain()
    logger.log(.info, "third")
    let text = pipe.drain()
    #expect(text.contains("warning log: lines were lost count=2\n"))
    #expect(text.hasSuffix("info spool: third\n"))
    #expect(!text.contains("second"))
    close(pipe.reader)
  }
}

/// A pipe whose ends never block.
private struct Pipe {
  let reader: Int32
  let writer: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFL, O_NONBLOCK) == 0 }) else {
      throw Command.Failure(description: "no pipe")
    }
    (reader, writer) = (ends[0], ends[1])
  }

  func logger() -> Logger {
    Logger(label: "spool") { [writer] label in
      StationLogHandler(
        label: label, format: .text, level: .info, clock: MovableClock(),
        writer: LogWriter(descriptor: writer, patienceMilliseconds: 0))
    }
  }

  @discardableResult
  func drain() -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(reader, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: all, as: UTF8.self) }
      all += buffer[..<count]
    }
  }
}
