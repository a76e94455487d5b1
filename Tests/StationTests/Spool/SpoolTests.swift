import Batch
import Foundation
import Glibc
import Pipeline
import TestKit
import Testing

@testable import Station

@Suite("The spool")
struct SpoolTests {
  private let kit: SpoolKit
  init() throws { kit = try SpoolKit() }

  @Test("makes an inbox that its group may write to, and leaves one as it is")
  func inboxMode() throws {
    #expect(try mode(kit.inbox) == 0o770)
    chmod(kit.inbox, 0o2730)
    try kit.directory.prepare(for: SpoolKit.partner)
    #expect(try mode(kit.inbox) == 0o2730)
    #expect(try mode(kit.directory.archive(of: SpoolKit.partner)) == 0o700)
  }

  @Test("takes a file out of the inbox, under a name that tells whose it is")
  func take() throws {
    let item = try kit.taken("batch.p7m")
    #expect(kit.names(kit.inbox) == [])
    #expect(kit.work == [item.fileName])
    #expect(try kit.spool.recover() == [Spool.Found(item: item, note: nil)])
  }

  @Test("leaves a file that has changed since it was judged")
  func changedBefore() throws {
    try kit.drop("batch.p7m")
    let seen = try kit.seen("batch.p7m")
    try kit.drop("batch.p7m", "more content")
    #expect(try kit.spool.take(seen) == nil)
    #expect(kit.names(kit.inbox) == ["batch.p7m"])
    #expect(kit.work == [])
  }

  @Test("has nothing to take when the file is gone")
  func gone() throws {
    try kit.drop("batch.p7m")
    let seen = try kit.seen("batch.p7m")
    unlink("\(kit.inbox)/batch.p7m")
    #expect(try kit.spool.take(seen) == nil)
  }

  @Test("archives a file and never writes over another")
  func archive() throws {
    for text in ["first", "second", "third"] {
      let item = try kit.taken("batch.p7m", text)
      try kit.spool.noteAdmission(of: item, as: "B-1", answered: 0)
      try kit.spool.archive(item)
    }
    #expect(kit.archive == ["batch-2.p7m", "batch-3.p7m", "batch.p7m"])
    #expect(try text("\(kit.directory.archive(of: SpoolKit.partner))/batch-2.p7m") == "second")
    #expect(kit.work == [])
  }

  @Test("puts a refused file beside its report and the answer into the outbox")
  func refuse() throws {
    let item = try kit.taken("batch.p7m")
    let report = try kit.spool.refuse(item, for: SpoolKit.rejection, answer: kit.sealed(item))
    #expect(kit.rejected == ["batch.p7m", "batch.rejected.json"])
    #expect(kit.outbox == ["batch.result.p7m"])
    #expect(kit.work == [])
    let json = try JSON(object: TemporaryDirectory.bytes(of: report))
    #expect(json["code"].text == "truncated")
    #expect(json["message"].text == "the file ends too early")
    #expect(json["file"].text == "batch.p7m")
    #expect(json["at"].text == "2027-01-15T08:00:00Z")
    #expect(json["errorCount"].text == "1")
    #expect(json["errors"][0]["code"].text == "truncated")
  }

  @Test("numbers refused files of one name, each with its report")
  func refusedTwice() throws {
    for text in ["first", "second"] {
      try kit.spool.refuse(kit.taken("batch.p7m", text), for: SpoolKit.rejection, answer: nil)
    }
    #expect(kit.rejected == ["batch-2.p7m", "batch-2.rejected.json", "batch.p7m", "batch.rejected.json"])
    #expect(try text("\(kit.directory.rejected(of: SpoolKit.partner))/batch-2.p7m") == "second")
  }

  @Test("gives the answer another place when its own was taken meanwhile")
  func placeTaken() throws {
    try kit.home.write("another's".utf8, as: "spool/outbox/registry/batch.result.p7m")
    let item = try kit.taken("batch.p7m")
    try kit.spool.refuse(item, for: SpoolKit.rejection, answer: kit.sealed(item))
    #expect(kit.outbox == ["batch.result-2.p7m", "batch.result.p7m"])
    #expect(try text("\(kit.directory.outbox)/registry/batch.result-2.p7m") == "sealed")
  }

  @Test("answers once, though the answer was fetched before a crash let the refusal go on")
  func answeredOnce() throws {
    let item = try kit.taken("batch.p7m")
    let refused = RefusedFile(number: 1, report: Array("{}\n".utf8), answer: try kit.sealed(item))
    _ = try kit.spool.finish(item, refused)
    unlink("\(kit.directory.outbox)/registry/batch.result.p7m")
    _ = try kit.spool.finish(item, refused)
    #expect(kit.outbox == [])
    #expect(kit.rejected == ["batch.p7m", "batch.rejected.json"])
  }

  @Test("finds a note again as it was written", arguments: [true, false])
  func notes(isAnswered: Bool) throws {
    let answer = SealedRefusalFixture.answer
    let note = WorkNote.refused(
      RefusedFile(number: 7, report: Array("{\"ü\": \"\\n\"}\n".utf8), answer: isAnswered ? answer : nil))
    #expect(WorkNote(note.json.serialized()) == note)
    let admitted = WorkNote.admitted(batchID: "B-1", answered: 3)
    #expect(WorkNote(admitted.json.serialized()) == admitted)
  }

  @Test("takes no note for one that is cut", arguments: ["", "{", "{}", "{\"batchID\":\"B\"}", "{\"number\":1}"])
  func cutNotes(text: String) { #expect(WorkNote(Array(text.utf8)) == nil) }

  @Test("finds a taken file and its note again, though its partner has made another link to it")
  func linkedAfterwards() throws {
    let item = try kit.taken("batch.p7m")
    let refused = RefusedFile(number: 1, report: Array("{}\n".utf8), answer: nil)
    try kit.home.write(WorkNote.refused(refused).json.serialized(), as: "spool/work/\(item.noteName)")
    #expect(link(kit.spool.path(of: item), kit.home.file("link")) == 0)
    #expect(try kit.spool.recover() == [Spool.Found(item: item, note: .refused(refused))])
    #expect(kit.work == [item.noteName, item.fileName].sorted())
    try kit.spool.finish(item, refused)
    #expect(kit.rejected == ["batch.p7m", "batch.rejected.json"])
    #expect(kit.work == [])
  }

  @Test("does not take a note that can't be read for none")
  func damagedNote() throws {
    let item = try kit.taken("batch.p7m")
    #expect(try kit.spool.note(of: item) == nil)
    try kit.home.write("{".utf8, as: "spool/work/\(item.noteName)")
    #expect(throws: StationError.self) { try kit.spool.note(of: item) }
    #expect(try kit.spool.recover() == [Spool.Found(item: item, note: nil)])
    #expect(kit.work == [item.noteName, item.fileName].sorted())
  }

  @Test("removes what a crash left that belongs to nothing, and nothing else")
  func sweep() throws {
    let item = try kit.taken("batch.p7m")
    let refused = try kit.sealed(item)
    try kit.home.write([], as: "spool/outbox/registry/.refusal-0000000000000000.tmp")
    try kit.home.write([], as: "spool/outbox/registry/.batch-1.tmp")
    try kit.home.write([], as: "spool/rejected/registry/.a.rejected.json.tmp-x1")
    try kit.home.write("{}".utf8, as: "spool/work/.registry+0000000000000000.note")
    try kit.home.write("{".utf8, as: "spool/work/..registry+0000000000000000.note.tmp-x1")
    try kit.home.write([], as: "spool/work/README")
    #expect(try kit.spool.recover() == [Spool.Found(item: item, note: nil)])
    #expect(kit.names("\(kit.directory.outbox)/registry") == [".batch-1.tmp", ".refusal-\(item.token).tmp"])
    #expect(refused.temporary.hasSuffix(".refusal-\(item.token).tmp"))
    #expect(kit.rejected == [])
    #expect(kit.work == ["README", item.fileName].sorted())
  }

  private func mode(_ path: String) throws -> UInt32 {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status.st_mode & 0o7777
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try TemporaryDirectory.bytes(of: path), as: UTF8.self)
  }
}
