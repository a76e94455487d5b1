import Foundation
import Glibc
import TestKit
import Testing

@Suite("A file that is dropped into an inbox", .timeLimit(.minutes(5)))
struct DroppedFileTests {
  @Test("is paid, answered and archived")
  func paid() throws {
    let spool = try DaemonHome()
    try spool.drop(.payments("B-1", [100, 200]), as: "november.p7m")
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("inbox") == [])
    #expect(spool.work == [])
    #expect(spool.names("archive") == ["november.p7m"])
    #expect(spool.names("outbox") == ["november.result.p7m"])
    #expect(try spool.result("november.result.p7m")["summary"]["succeeded"].text == "2")
    #expect(try spool.home.balance() == TestHome.funded - 300)
  }

  @Test(
    "stays while its name says that it is being written",
    arguments: [".b.p7m", "b.p7m.part", "b.p7m.tmp", "b.filepart"])
  func unfinishedName(name: String) throws {
    let spool = try DaemonHome()
    try Data(spool.sealed(.payments("B-1", [100]))).write(to: URL(filePath: "\(spool.inbox())/\(name)"))
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("inbox") == [name])
    #expect(spool.names("outbox") == [])
  }

  @Test("stays while it ends too early, and is refused when it has been so for long enough")
  func truncated() throws {
    let spool = try DaemonHome()
    try spool.drop(spool.sealed(.payments("B-1", [100])).dropLast(20), as: "cut.p7m")
    try spool.runOnce()
    #expect(spool.names("inbox") == ["cut.p7m"])
    let run = try spool.runOnce(["DISBURSE_SPOOL_TRUNCATED_AFTER_SECONDS": "0"])
    #expect(run.status == 2, "\(run)")
    #expect(spool.names("rejected") == ["cut.p7m", "cut.rejected.json"])
    #expect(try spool.report("cut.rejected.json")["code"].text == "truncated")
    #expect(spool.names("outbox") == [])
  }

  @Test("under its last name from the first byte is taken when the last has come")
  func grows() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start()
    let bytes = try spool.sealed(.payments("B-1", [100]))
    let file = try FileHandle(forWritingTo: created("\(spool.inbox())/slow.p7m"))
    try file.write(contentsOf: bytes.prefix(300))
    // What comes later and is whole goes first.
    try spool.drop(.payments("B-2", [100]), as: "whole.p7m")
    try await spool.await("whole.result.p7m", in: "outbox")
    #expect(spool.names("inbox") == ["slow.p7m"])
    try file.write(contentsOf: bytes.dropFirst(300))
    try file.close()
    try await spool.await("slow.result.p7m", in: "outbox")
    #expect(try daemon.stop().status == 0)
  }

  @Test("that is a link or a pipe is left where it is, and told")
  func special() throws {
    let spool = try DaemonHome()
    let elsewhere = try spool.home.file(spool.sealed(.payments("B-1", [100])))
    symlink(elsewhere, "\(spool.inbox())/link.p7m")
    mkfifo("\(spool.inbox())/pipe.p7m", 0o600)
    mkdir("\(spool.inbox())/folder.p7m", 0o700)
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("inbox") == ["folder.p7m", "link.p7m", "pipe.p7m"])
    #expect(run.stderr.contains("it is a symbolic link"))
    #expect(run.stderr.contains("it is a pipe"))
    #expect(try spool.home.balance() == TestHome.funded)
  }

  @Test("a second time with the same content is archived, and the first answer stands")
  func repeated() throws {
    let spool = try DaemonHome()
    let document = BatchDocument.payments("B-1", [100])
    try spool.drop(document, as: "a.p7m")
    try spool.runOnce()
    try spool.drop(document, as: "b.p7m")
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("archive") == ["a.p7m", "b.p7m"])
    #expect(spool.names("outbox") == ["a.result.p7m"])
    #expect(try spool.home.balance() == TestHome.funded - 100)
  }

  @Test("a second time gets the answer anew when the first was taken away")
  func answeredAnew() throws {
    let spool = try DaemonHome()
    let document = BatchDocument.payments("B-1", [100])
    try spool.drop(document, as: "a.p7m")
    try spool.runOnce()
    unlink("\(spool.home.path)/spool/outbox/\(TestHome.partner)/a.result.p7m")
    try spool.drop(document, as: "a.p7m")
    try spool.runOnce()
    #expect(spool.names("archive") == ["a-2.p7m", "a.p7m"])
    #expect(try spool.result("a.result.p7m")["revision"].text == "2")
    #expect(try spool.home.balance() == TestHome.funded - 100)
  }

  @Test("that is refused and whose sender is known is answered, sealed, and lies beside the reason")
  func refused() throws {
    let spool = try DaemonHome()
    try spool.drop(BatchDocument.payments("B-1", [100]).with("control", #"{"count":2}"#), as: "a.p7m")
    let run = try spool.runOnce()
    #expect(run.status == 2, "\(run)")
    #expect(spool.names("rejected") == ["a.p7m", "a.rejected.json"])
    #expect(try spool.report("a.rejected.json")["code"].text == "control-mismatch")
    #expect(try spool.result("a.result.p7m")["status"].text == "REJECTED")
    #expect(spool.names("archive") == [])
    #expect(spool.work == [])
  }

  @Test("that another partner has signed is refused without a word to either, and the other may still send it")
  func foreignSigner() throws {
    let spool = try DaemonHome(besides: ["fund"])
    let bytes = try spool.sealed(
      BatchDocument(
        "B-1", from: "fund",
        lines: [
          BatchDocument.credit("F-1", "100", to: BatchDocument.payee(0))
        ]), of: "fund")
    try spool.drop(bytes, as: "a.p7m")
    #expect(try spool.runOnce().status == 2)
    #expect(try spool.report("a.rejected.json")["code"].text == "sender-mismatch")
    #expect(spool.names("outbox") == [])
    #expect(spool.names("outbox", of: "fund") == [])
    try spool.drop(bytes, as: "a.p7m", of: "fund")
    #expect(try spool.runOnce().status == 0)
    #expect(spool.names("outbox", of: "fund") == ["a.result.p7m"])
  }

  @Test("into an inbox that is nobody's is left there, and told")
  func nobodysInbox() throws {
    let spool = try DaemonHome()
    mkdir(spool.inbox("stranger"), 0o700)
    try spool.drop([1, 2, 3], as: "a.p7m", of: "stranger")
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("inbox", of: "stranger") == ["a.p7m"])
    #expect(run.stderr.contains("no partner of this name is registered"))
  }

  private func created(_ path: String) throws -> URL {
    try Data().write(to: URL(filePath: path))
    return URL(filePath: path)
  }
}
