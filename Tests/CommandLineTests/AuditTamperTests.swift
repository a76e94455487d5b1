import Foundation
import TestKit
import Testing

@Suite("A trail that somebody wrote to") struct AuditTamperTests {
  private let home: TestHome
  private let attacker: AuditAttacker

  /// Two batches that were paid, and one that was rejected.
  init() throws {
    home = try TestHome()
    attacker = AuditAttacker(home)
    for batch in ["B-1", "B-2"] { _ = try home.process(home.sealed(.payments(batch, [100, 200]))) }
    _ = try home.process(home.sealed(.payments("B-3", [100]).with("recipientID", "\"another\"")))
  }

  /// The witness in the last result that the partner got.
  private func witness(_ batch: String) throws -> String {
    let entry = try #require(
      try home.auditEntries(["--batch", batch, "--action", "result.published"]).last?["details"])
    let result = try #require(entry["result"].text)
    let document = try JSON(
      object: Sealing.open("\(home.path)/spool/outbox/\(result)", as: home.keys, from: home.processor))
    let audit = document["audit"]
    return "\(try #require(audit["entry"].text)):\(try #require(audit["hash"].text))"
  }

  @Test("is whole when nobody did") func whole() throws {
    #expect(try home.auditFindings().isEmpty)
    #expect(try home.auditFindings(["--witness", witness("B-1"), "--witness", witness("B-3")]).isEmpty)
    let report = try home.report(["audit", "verify"]).json
    #expect(report["batches"].text == "3" && report["files"].text == "3")
    #expect(try report["head"]["entry"].text == "\(attacker.numbers().last ?? 0)")
  }

  @Test(
    "tells a changed value, whatever it is",
    arguments: [
      "at = at + 1", "action = 'batch.approved'", "actor = 'user nobody'", "partner = 'another'", "batch_id = 'B-9'",
      "file = NULL", "key = ''", "details = CAST('{}' AS BLOB)", "details = CAST(' ' || CAST(details AS TEXT) AS BLOB)",
      "previous = zeroblob(32)", "hash = zeroblob(32)",
    ])
  func changed(assignment: String) throws {
    let number = try #require(try home.auditEntries(["--batch", "B-1"]).first?["number"].text)
    try attacker.run("UPDATE audit SET \(assignment) WHERE number = \(number)")
    let findings = try home.auditFindings()
    #expect(findings.contains("entry-changed") || findings.contains("chain-broken"), "\(findings)")
  }

  @Test("tells an entry that was removed from the middle, with its number") func removed() throws {
    try attacker.run("DELETE FROM audit WHERE number = 4")
    let report = try home.report(["audit", "verify"])
    #expect(report.status == 65)
    let finding = try #require(try report.json["findings"].elements.first)
    #expect(finding["kind"].text == "entries-missing" && finding["entry"].text == "5")
    #expect(finding["message"].text?.contains("4") == true && finding["remedy"].text?.isEmpty == false)
  }

  @Test("tells entries that changed places") func reordered() throws {
    try attacker.run(
      "UPDATE audit SET number = -5 WHERE number = 5", "UPDATE audit SET number = 5 WHERE number = 6",
      "UPDATE audit SET number = 6 WHERE number = -5")
    #expect(try home.auditFindings().contains("entry-changed"))
  }

  @Test("tells one that was put in, though the others made room for it") func forged() throws {
    try attacker.run(
      "UPDATE audit SET number = -number - 1 WHERE number >= 6", "UPDATE audit SET number = -number WHERE number < 0",
      """
      INSERT INTO audit
      SELECT 6, at, 'batch.approved', 'operator alice', partner, batch_id, file, key, details, hash, hash
      FROM audit WHERE number = 5
      """)
    #expect(try home.auditFindings().contains("entry-changed"))
  }

  @Test("tells that the last ones are gone") func truncated() throws {
    try attacker.run("DELETE FROM audit WHERE number > 5")
    #expect(try home.auditFindings().contains("truncated"))
  }

  @Test("tells it by the signed head, where the count of entries was set back") func truncatedQuietly() throws {
    try forget("B-2", "B-3")
    let report = try home.report(["audit", "verify"])
    #expect(report.status == 65)
    let finding = try #require(try report.json["findings"].elements.first)
    #expect(finding["kind"].text == "truncated" && finding["place"].text?.hasSuffix("audit.head") == true)
  }

  @Test("tells that the signed head is gone as well") func headGone() throws {
    try forget("B-2", "B-3")
    try FileManager.default.removeItem(atPath: "\(home.path)/audit.head")
    #expect(try home.auditFindings() == ["head-missing"])
    // Work goes on, and does not make a new head over the old one's place.
    #expect(try home.process(home.sealed(.payments("B-4", [100]))).status == 0)
    #expect(try home.auditFindings() == ["head-missing"])
  }

  @Test("tells it by a partner's witness, where the head is an earlier one that was signed")
  func rolledBack() throws {
    let fresh = try TestHome()
    let earlier = try fresh.directory.write(TemporaryDirectory.bytes(of: "\(fresh.path)/audit.head"), as: "head")
    let kept = try witness("B-2")
    try forget("B-2", "B-3")
    // The home of every test is a copy of one: the head of an untouched one is genuine, and of an earlier entry.
    try FileManager.default.removeItem(atPath: "\(home.path)/audit.head")
    try Command.tool("cp", [earlier, "\(home.path)/audit.head"])
    #expect(try home.auditFindings().isEmpty)
    #expect(try home.auditFindings(["--witness", kept]) == ["truncated"])
  }

  @Test("tells a chain that was computed anew, by the signed head and by a partner's witness") func recomputed() throws
  {
    let kept = try witness("B-2")
    try attacker.run("UPDATE audit SET actor = 'user nobody' WHERE number = 3")
    try attacker.recompute()
    let report = try home.report(["audit", "verify", "--witness", kept])
    let places = try report.json["findings"].elements.filter { $0["kind"].text == "witness-differs" }
      .compactMap(\.["place"].text)
    #expect(places.contains { $0.hasSuffix("audit.head") } && places.contains { $0.hasPrefix("the witness") })
    #expect(places.contains { $0.contains("the result of B-2") }, "\(report)")
    // A head that is not in the trail stays: it is the evidence.
    #expect(try home.process(home.sealed(.payments("B-4", [100]))).status == 0)
    #expect(try home.auditFindings().contains("witness-differs"))
  }

  @Test("tells a head that somebody else signed, or nobody") func forgedHead() throws {
    try home.edit("\(home.path)/audit.head") { $0.replacingOccurrences(of: "\"head\": \"", with: "\"head\": \"1") }
    #expect(try home.auditFindings() == ["head-invalid"])
    try home.edit("\(home.path)/audit.head") { _ in "nonsense" }
    #expect(try home.auditFindings() == ["head-invalid"])
  }

  @Test("tells triggers that were taken away") func unguarded() throws {
    try attacker.run("SELECT 1")
    #expect(try home.auditFindings().isEmpty)
    try home.sqlite("DROP TRIGGER audit_kept_whole")
    #expect(try home.auditFindings() == ["unguarded"])
  }

  @Test(
    "tells a journal that says otherwise than the trail",
    arguments: [
      ("UPDATE tally SET count = count + 1 WHERE standing = 2 AND batch = 1", "batch-differs"),
      ("UPDATE tally SET amount = amount + 1 WHERE standing = 2 AND batch = 1", "lines-differ"),
      ("UPDATE outcome SET state = 5 WHERE id = (SELECT min(id) FROM outcome)", "lines-differ"),
      ("UPDATE instruction SET amount = 5000 WHERE id = (SELECT min(id) FROM instruction)", "lines-differ"),
      ("UPDATE batch SET state = 3 WHERE id = 1", "batch-differs"),
      ("UPDATE batch SET state = 9 WHERE id = 1", "batch-differs"),
      ("UPDATE batch SET result_digest = zeroblob(32) WHERE id = 1", "batch-differs"),
      ("UPDATE batch SET revision = 2 WHERE id = 1", "batch-differs"),
      ("UPDATE batch SET content_digest = zeroblob(32) WHERE id = 1", "batch-differs"),
      ("UPDATE batch SET is_published = 0 WHERE id = 1", "batch-differs"),
      ("DELETE FROM batch WHERE id = 1", "batch-missing"),
      (
        "INSERT INTO batch (partner, batch_id, kind, source_bb_id, file, opened_at, state) "
          + "VALUES (1, 'B-9', 1, 'social-registry', 'f', 1, 1)",
        "batch-unrecorded"
      ),
      (
        "INSERT INTO approval (batch, round, operator, evidence, at) VALUES (1, 1, 'operator alice', 'x', 1)",
        "approval-differs"
      ),
    ])
  func journal(attack: (sql: String, kind: String)) throws {
    try home.sqlite(attack.sql)
    #expect(try home.auditFindings().contains(attack.kind))
  }

  @Test("tells a sealed result that was changed, and not one that was fetched") func file() throws {
    let outbox = "\(home.path)/spool/outbox/\(TestHome.partner)"
    let files = try TemporaryDirectory.files(under: outbox).sorted()
    try FileManager.default.removeItem(atPath: files[0])
    #expect(try home.auditFindings().isEmpty)
    var bytes = try TemporaryDirectory.bytes(of: files[1])
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(filePath: files[1]))
    let report = try home.report(["audit", "verify"]).json
    #expect(report["findings"][0]["kind"].text == "file-changed")
    #expect(report["findings"][0]["place"].text == files[1])
  }

  @Test("is taken for whole without its head only when an operator says so, and then the trail tells it")
  func accepted()
    throws
  {
    try FileManager.default.removeItem(atPath: "\(home.path)/audit.head")
    #expect(try home.auditFindings(["--accept"]).isEmpty)
    #expect(try home.auditEntries(["--last", "1"]).first?["action"].text == "audit.accepted")
    #expect(try home.auditFindings().isEmpty)
    try FileManager.default.removeItem(atPath: "\(home.path)/audit.head")
    try attacker.run("UPDATE audit SET actor = 'user nobody' WHERE number = 3")
    #expect(try home.report(["audit", "verify", "--accept"]).status == 64)
    #expect(try home.auditFindings().contains("head-missing"))
  }

  /// Takes the last batches out of the trail and the journal, and sets every count back that tells of them.
  private func forget(_ batches: String...) throws {
    let first = try #require(try home.auditEntries(["--batch", batches[0]]).first?["number"].text)
    try attacker.run(
      "DELETE FROM audit WHERE number >= \(first)",
      "UPDATE sqlite_sequence SET seq = (SELECT max(number) FROM audit) WHERE name = 'audit'")
    for batch in batches { try home.sqlite("DELETE FROM batch WHERE batch_id = '\(batch)'") }
  }
}
