import Foundation
import Glibc
import TestKit
import Testing

@Suite("An answered file that can't be archived", .timeLimit(.minutes(5)))
struct ArchiveTests {
  @Test("is archived by the same daemon once that works")
  func triedAgain() async throws {
    let spool = try DaemonHome()
    try spool.runOnce()
    let archive = "\(spool.home.path)/spool/archive/\(TestHome.partner)"
    rmdir(archive)
    // No file can be put into a file.
    try Data().write(to: URL(filePath: archive))
    let daemon = try await spool.start()
    try spool.drop(.payments("B-1", [100]), as: "a.p7m")
    try await Condition.await("the archive fails") { daemon.complaint.contains("a file could not be put away") }
    #expect(spool.names("outbox") == ["a.result.p7m"])
    unlink(archive)
    try await spool.await("a.p7m", in: "archive")
    try await Condition.await("its note is gone") { spool.work == [] }
    #expect(try daemon.stop().status == 0)
    #expect(spool.names("outbox") == ["a.result.p7m"])
    #expect(try spool.home.balance() == TestHome.funded - 100)
  }
}
