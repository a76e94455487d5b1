import Batch
import Cryptography
import Foundation
import Journal
import TestKit
import Testing

@Suite("Changes of keys and partners in the audit trail") struct RegisterAuditTests {
  private func entries(_ home: TestHome) async throws -> [AuditEvent] {
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    return try await journal.auditEntries(matching: AuditQuery()).map { entry in
      var event = entry.event
      // Ties the entry to the one before the change; it is another each time.
      event.details.removeAll { $0.name == "changeID" }
      return event
    }
  }

  private func fingerprints(_ home: TestHome) throws -> [String] {
    try home.report(["key", "list"]).json["keys"].elements.compactMap(\.["fingerprint"].text)
  }

  @Test("the keys that a home is made with, that are generated, rotated and protected") func keys() async throws {
    let home = try TestHome()
    let first = try fingerprints(home)
    try home.expectSuccess(["key", "generate"])
    try home.expectSuccess(["key", "rotate", "--old-ends", "2030-01-01T00:00:00Z"])
    let file = try home.directory.write("secret\n".utf8, as: "passphrase")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    let protected = try home.run(["key", "protect"], environment: ["DISBURSE_KEYS_PASSPHRASE_FILE": file])
    #expect(protected.status == 0)
    let events = try await entries(home).filter { $0.action.rawValue.hasPrefix("key.") }
    #expect(events.map(\.action.rawValue) == ["key.generated", "key.generated", "key.rotated", "key.protected"])
    let all = try fingerprints(home)
    let named: [[String]] = events.map { event in (event.key ?? "").split(separator: ",").map(String.init) }
    #expect(named.first == first)
    #expect(Set(named.flatMap(\.self)) == Set(all))
    #expect(events[2].details == [.init("oldEnds", "2030-01-01T00:00:00Z")])
    #expect(events.allSatisfy { $0.actor.rawValue.hasPrefix("user ") })
  }

  @Test("a partner that is added, updated and removed, and what was changed") func partners() async throws {
    let home = try TestHome()
    try home.update("--require-control", "--max-batch", "500RWF")
    let checker = try Certificate(pem: String(contentsOfFile: home.keys.checker.certificate, encoding: .utf8))
    try home.update("--remove-cert", checker.fingerprint)
    try home.expectSuccess(["partner", "remove", TestHome.partner])
    let events = try await entries(home).filter { $0.action.rawValue.hasPrefix("partner.") }
    #expect(
      events.map(\.action.rawValue) == ["partner.added", "partner.updated", "partner.updated", "partner.removed"])
    #expect(events.allSatisfy { $0.partner == TestHome.partner })
    #expect(events[0].key?.split(separator: ",").count == 3)
    #expect(events[1].details == [.init("maxBatch", "RWF=500"), .init("requireControl", "true")])
    #expect(events[2].key == checker.fingerprint)
    #expect(events[2].details == [.init("removed", checker.fingerprint)])
  }

  @Test("what can't be written down is not done") func unwritable() async throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/journal.sqlite")
    for command in [["key", "rotate"], ["key", "generate"], ["partner", "remove", TestHome.partner]] {
      #expect(try home.run(command).status == 78)
    }
    #expect(try fingerprints(home).count == 2)
    #expect(try home.report(["partner", "list"]).json["partners"].elements.count == 1)
  }

  @Test("two certificates that are added at once stand in one entry, which can be shown") func twoCertificates()
    async throws
  {
    let home = try TestHome()
    let signer = try PartnerKey("second-maker", for: .signature, in: home.directory)
    let receiver = try PartnerKey("second-receiver", for: .agreement, in: home.directory)
    try home.update("--add-signing-cert", signer.certificate, "--add-encryption-cert", receiver.certificate)
    let shown = try home.report(["audit", "show", "--action", "partner.updated"])
    #expect(shown.status == 0, "\(shown)")
    let added = try await entries(home).last { $0.action.rawValue == "partner.updated" }?.details
      .first { $0.name == "added" }?.value
    let fingerprints = try [signer, receiver].map {
      try Certificate(pem: String(contentsOfFile: $0.certificate, encoding: .utf8)).fingerprint
    }
    #expect(added == fingerprints.joined(separator: ","))
  }
}
