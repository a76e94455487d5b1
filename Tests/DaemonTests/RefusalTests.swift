import Glibc
import TestKit
import Testing

@Suite("A refusal that can't be ended at once", .timeLimit(.minutes(5)))
struct RefusalTests {
  private let spool: DaemonHome
  /// What is in the place of the report.
  private let obstacle: String

  init() throws {
    spool = try DaemonHome()
    obstacle = "\(spool.home.path)/spool/rejected/\(TestHome.partner)/poor.rejected.json"
    // The directories are made.
    try spool.runOnce()
    mkdir(obstacle, 0o700)
    try spool.drop(.payments("POOR", [TestHome.funded, 1]), as: "poor.p7m")
  }

  private func fund() throws {
    try spool.home.expectSuccess(["wallet", "fund", TestHome.partner, "\(TestHome.funded)", "RWF"])
  }

  private func expectRefused() throws {
    #expect(spool.names("rejected") == ["poor.p7m", "poor.rejected.json"])
    #expect(try spool.report("poor.rejected.json")["code"].text == "insufficient-funds")
    #expect(spool.names("outbox").filter { $0.hasPrefix("poor") } == ["poor.result.p7m"])
    #expect(try spool.result("poor.result.p7m")["status"].text == "REJECTED")
    #expect(spool.work == [])
  }

  @Test("stands when it is tried again, though the batch could be paid by then")
  func triedAgain() async throws {
    let daemon = try await spool.start()
    try await Condition.await("the report fails") { daemon.complaint.contains("a file could not be received") }
    #expect(spool.names("outbox") == ["poor.result.p7m"])
    try fund()
    rmdir(obstacle)
    try await Condition.await("the file ends") { spool.work == [] }
    #expect(try daemon.stop().status == 0)
    try expectRefused()
    #expect(spool.names("archive") == [])
    #expect(try spool.home.balance() == 2 * TestHome.funded)
  }

  @Test("does not keep the next daemon from its work, and is ended when it can be")
  func nextStart() throws {
    #expect(try spool.runOnce().stderr.contains("a file could not be received"))
    try fund()
    try spool.drop(.payments("GOOD", [100]), as: "good.p7m")
    let second = try spool.runOnce()
    #expect(second.stderr.contains("a file could not be received"), "\(second)")
    #expect(spool.names("archive") == ["good.p7m"])
    rmdir(obstacle)
    let third = try spool.runOnce()
    #expect(third.status == 2, "\(third)")
    try expectRefused()
    #expect(try spool.home.balance() == 2 * TestHome.funded - 100)
  }
}
