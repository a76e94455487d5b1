import Storage
import TestKit
import Testing

@Suite("A daemon that is killed at a step of its own", .timeLimit(.minutes(10)))
struct SpoolCrashTests {
  /// Steps that every one of the files below, or one of them, goes through.
  private static let points: [CrashPoint] = [
    .fileSynced, .fileMoved, .fileLinked, .fileRenamed, .spoolTaken, .spoolAdmissionNoted, .spoolRefusalNoted,
    .spoolRefusalPlaced, .spoolReportPlaced, .spoolEnded, .journalAdmitCommitted, .journalRejectCommitted,
    .journalPublishPrepared, .journalPublishMarked, .publishSealed,
  ]

  @Test("ends every file in the same places after it is started again", arguments: points, [1, 2, 3, 4])
  func killed(at point: CrashPoint, visit: Int) throws {
    let spool = try DaemonHome()
    try drop(into: spool)
    let first = try spool.runOnce(["DISBURSE_CRASH_AT": "\(point.rawValue):\(visit)"])
    if visit == 1 { #expect(first.status == 128 + 9, "\(point.rawValue) was not visited: \(first)") }
    let last = try spool.runOnce()
    #expect([0, 2].contains(last.status), "\(last)")
    #expect(spool.names("inbox") == [])
    #expect(spool.work == [])
    #expect(spool.names("archive") == ["good.p7m"])
    #expect(
      spool.names("rejected") == ["bad.p7m", "bad.rejected.json", "plain.json", "plain.json.rejected.json"])
    #expect(spool.names("outbox") == ["bad.result.p7m", "good.result.p7m"])
    #expect(try spool.report("bad.rejected.json")["code"].text == "control-mismatch")
    #expect(try spool.report("plain.json.rejected.json")["code"].text == "not-sealed")
    #expect(try spool.result("bad.result.p7m")["status"].text == "REJECTED")
    #expect(try spool.result("good.result.p7m")["summary"]["succeeded"].text == "2")
    #expect(try spool.home.balance() == TestHome.funded - 300)
  }

  private func drop(into spool: DaemonHome) throws {
    try spool.drop(.payments("GOOD", [100, 200]), as: "good.p7m")
    try spool.drop(BatchDocument.payments("BAD", [100]).with("control", #"{"count":2}"#), as: "bad.p7m")
    try spool.drop("{}".utf8, as: "plain.json")
  }
}
