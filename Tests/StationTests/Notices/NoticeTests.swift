import Journal
import TestKit
import Testing

@testable import Station

@Suite("a notice")
struct NoticeTests {
  private func message(_ entry: AuditEntry) throws -> JSON {
    let notice = try #require(Notice(entry))
    return try JSON(object: notice.message(from: "treasury-disburse", outbox: "/home/spool/outbox"))
  }

  @Test("of a result that is whole has its counts, its sums and its place")
  func completed() throws {
    let message = try message(Trail.entry(7))
    #expect(message["event"].text == "completed")
    #expect(message["entry"].text == "7")
    #expect(message["at"].text == "2026-11-22T01:02:03Z")
    #expect(message["processor"].text == "treasury-disburse")
    #expect(message["partner"].text == "social-registry")
    #expect(message["batchID"].text == "VUP-1")
    #expect(message["file"].text == "vup-1.p7m")
    #expect(message["revision"].text == "1")
    #expect(message["result"].text == "/home/spool/outbox/social-registry/vup-1.result.p7m")
    #expect(message["summary"]["succeeded"].text == "2")
    #expect(message["summary"]["failed"].text == "1")
    #expect(message["summary"]["pending"].text == "0")
    #expect(message["summary"]["amounts"]["RWF"]["succeeded"].text == "7500")
  }

  @Test("of a result with lines pending is another")
  func partial() throws {
    let details = Trail.published.map { $0.0 == "pending" ? ("pending", "4") : $0 }
    #expect(try message(Trail.entry(7, .resultPublished, details))["event"].text == "partial")
  }

  @Test("of a rejected file has its code, also when nobody knows whose batch it was")
  func rejected() throws {
    let message = try message(
      Trail.entry(3, .fileRejected, partner: nil, batchID: nil, [("code", "unknown-signer"), ("sha256", "ab")]))
    #expect(message["event"].text == "rejected")
    #expect(message["code"].text == "unknown-signer")
    #expect(message["partner"].isNull)
    #expect(message["batchID"].isNull)
    #expect(message["summary"].isNull)
  }

  @Test("of the answer to a rejected file is none: the rejection is told by itself")
  func answerToRejected() {
    #expect(Notice(Trail.entry(4, .resultPublished, [("revision", "1"), ("status", "rejected")])) == nil)
  }

  @Test("of a held batch tells the cause", arguments: BatchHold.allCases)
  func held(hold: BatchHold) throws {
    let message = try message(Trail.entry(3, .batchHeld, [("cause", hold.name), ("note", "x")]))
    #expect(message["event"].text == "held")
    #expect(message["cause"].text == hold.name)
  }

  @Test("hands no operator's note on, which may name a payee")
  func note() throws {
    let notice = try #require(
      Notice(Trail.entry(3, .batchHeld, [("cause", "operator-stop"), ("note", "250788123456 complained")])))
    let text = String(decoding: notice.message(from: "p", outbox: "/o"), as: UTF8.self)
    #expect(!text.contains("250788123456"))
  }

  @Test(
    "is made of nothing else",
    arguments: [
      AuditAction.fileTaken, .fileRepeated, .batchAdmitted, .batchRejected, .batchClaimed, .batchRecorded,
      .batchApproved, .batchResumed, .batchCancelled, .batchRetried, .instructionSettled,
    ])
  func nothingElse(action: AuditAction) {
    #expect(Notice(Trail.entry(1, action)) == nil)
  }

  @Test("has a file name that sorts, and that leads nowhere")
  func fileName() throws {
    #expect(try #require(Notice(Trail.entry(42))).fileName == "000000000042-completed-VUP-1.json")
    let hostile = Trail.entry(43, batchID: "../../etc/x \n\u{202E}é" + String(repeating: "z", count: 300))
    let name = try #require(Notice(hostile)).fileName
    #expect(name.hasPrefix("000000000043-completed-______etc_x____z"))
    #expect(name.utf8.count < 120)
  }
}
