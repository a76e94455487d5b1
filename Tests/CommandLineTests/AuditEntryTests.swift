import Foundation
import TestKit
import Testing

@Suite("What the audit trail tells") struct AuditEntryTests {
  /// A command, and the actions that it adds to the trail.
  struct Step: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let actions: [String]
    /// What stands in the details of the last of them.
    let details: [String: String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ command: String, _ actions: [String], _ details: [String: String] = [:]) {
      arguments = command.split(separator: " ").map(String.init)
      self.actions = actions
      self.details = details
    }

    /// A change of another store.
    static func change(_ command: String, _ action: String, _ details: [String: String] = [:]) -> Step {
      Step(command, ["change.begun", action], details)
    }
  }

  static let steps: [Step] = [
    .change(
      "wallet fund social-registry 500 RWF --reference statement-7", "wallet.funded",
      ["amount": "500", "currency": "RWF", "reference": "statement-7"]),
    .change(
      "wallet account open MSISDN 250788123456 --currency RWF --state inactive", "account.opened",
      ["account": "MSISDN …56", "currency": "RWF", "state": "inactive"]),
    .change(
      "voucher group add FOOD --expires-after 30d", "voucher-group.added", ["group": "FOOD", "expiresAfterDays": "30"]),
    .change(
      "beneficiary add 1198012345678 --modality 01 --provider MTN --address 250788123456", "beneficiary.added",
      ["functionalID": "…78", "modality": "01", "provider": "MTN", "address": "…56"]),
    Step("run --once", ["daemon.started", "daemon.stopped"]),
    // What only reads leaves no entry.
    Step("wallet balance social-registry", []), Step("partner list", []), Step("key list", []), Step("batch list", []),
    Step("audit show", []), Step("audit verify", []), Step("voucher group list", []),
  ]

  @Test("every command that changes something tells who, what and when, and no other does", arguments: steps)
  func command(step: Step) throws {
    let home = try TestHome()
    let before = try home.auditEntries().count
    try home.expectSuccess(step.arguments)
    let entries = try home.auditEntries().dropFirst(before)
    #expect(entries.compactMap(\.["action"].text) == step.actions)
    for entry in entries {
      let isDaemon = step.arguments.first == "run"
      #expect(entry["actor"].text?.hasPrefix(isDaemon ? "daemon" : "user ") == true)
      #expect(entry["at"].text?.isEmpty == false)
    }
    for (name, value) in step.details { #expect(entries.last?["details"][name].text == value, "\(name)") }
  }

  @Test("a home begins with its keys") func created() throws {
    let home = try TestHome()
    let first = try #require(try home.auditEntries().first)
    #expect(first["action"].text == "home.created" && first["details"]["processorID"].text == "treasury-disburse")
    #expect(first["key"].text?.split(separator: ",").count == 2)
    #expect(first["previous"].text == String(repeating: "0", count: 64))
  }

  @Test("a change that is refused is told with the reason") func refusedChange() throws {
    let home = try TestHome()
    #expect(try home.run(["voucher", "group", "add", "SCHOOL", "--expires-after", "30d"]).status == 64)
    let entry = try #require(try home.auditEntries(["--last", "1"]).first)
    #expect(entry["action"].text == "change.failed")
    #expect(entry["details"]["change"].text == "voucher-group.added" && entry["details"]["error"].text == "refused")
    #expect(try home.auditFindings().isEmpty)
  }

  @Test("a batch is told from its file to its result: who signed, who was answered, and with which key") func batch()
    throws
  {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100, 200]))
    #expect(try home.process(file).status == 0)
    let entries = try home.auditEntries(["--batch", "B-1"])
    #expect(
      entries.compactMap(\.["action"].text) == [
        "batch.admitted", "batch.claimed", "batch.recorded", "result.published",
      ])
    let name = String(file.split(separator: "/").last ?? "")
    #expect(entries.allSatisfy { $0["file"].text == name && $0["partner"].text == TestHome.partner })
    let admitted = entries[0]
    #expect(try admitted["key"].text == publicKeyDigest(of: home.keys.maker.certificate))
    #expect(try admitted["details"]["sealed"].text == digest(of: file))
    #expect(admitted["details"]["payable.RWF"].text == "300" && admitted["details"]["count"].text == "2")
    let published = entries[3]
    let result = "\(home.path)/spool/outbox/\(published["details"]["result"].text ?? "")"
    #expect(try published["details"]["sha256"].text == digest(of: result))
    #expect(try published["details"]["recipients"].text == fingerprint(of: home.keys.encryption.certificate))
    let signer = "\(home.path)/keys/signing-1.crt"
    #expect(try published["key"].text == fingerprint(of: signer))
  }

  @Test("a file that comes again, and one that is refused, are told with their signers and digests") func files() throws
  {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    for _ in 1...2 { #expect(try home.process(file).status == 0) }
    let strange = try home.sealed(.payments("B-2", [100]), by: [home.keys.stranger])
    #expect(try home.process(strange).status == 77)
    let foreign = try home.sealed(.payments("B-3", [100]).with("recipientID", "\"another\""))
    #expect(try home.process(foreign).status == 65)
    let entries = try home.auditEntries().suffix(5)
    #expect(
      entries.compactMap(\.["action"].text) == [
        "file.repeated", "file.rejected", "batch.rejected", "result.published", "file.rejected",
      ])
    let (unknown, refused) = (try #require(entries.dropFirst().first), try #require(entries.last))
    #expect(try unknown["key"].text == publicKeyDigest(of: home.keys.stranger.certificate))
    #expect(try unknown["details"]["sha256"].text == digest(of: strange))
    #expect(unknown["partner"].isNull && unknown["details"]["code"].text == "unknown-signer")
    #expect(refused["batchID"].text == "B-3" && refused["details"]["code"].text == "recipient-mismatch")
    #expect(entries.dropFirst(3).first?["details"]["status"].text == "rejected")
  }

  @Test("it is shown by batch, partner, actor, action and time, in pages") func queries() throws {
    let home = try TestHome()
    for batch in ["B-1", "B-2"] { _ = try home.process(home.sealed(.payments(batch, [100]))) }
    func numbers(_ options: String...) throws -> [Int] {
      try home.auditEntries(options).compactMap { $0["number"].text.flatMap { Int($0) } }
    }
    let all = try numbers()
    #expect(all == Array(1...all.count))
    #expect(try numbers("--batch", "B-2") == Array(all.suffix(4)))
    #expect(try numbers("--partner", TestHome.partner, "--action", "batch.admitted").count == 2)
    #expect(try numbers("--actor", "nobody-at-all").isEmpty)
    #expect(try numbers("--from", "2100-01-01T00:00:00Z").isEmpty)
    #expect(try numbers("--to", "2100-01-01T00:00:00Z") == all)
    #expect(try numbers("--after", "3", "--limit", "2") == [4, 5])
    #expect(try numbers("--last", "2") == Array(all.suffix(2)))
    #expect(try home.run(["audit", "show", "--last", "2", "--after", "1"]).status == 64)
    #expect(try home.run(["audit", "show", "--limit", "0"]).status == 64)
  }

  @Test("what a partner wrote can't move the terminal's cursor") func control() throws {
    let home = try TestHome()
    let file = try home.directory.write([0x30, 0x00], as: "a\u{1B}[2Jb.p7m")
    _ = try home.process(file)
    let shown = try home.run(["audit", "show", "--last", "1"])
    #expect(shown.status == 0 && !shown.stdout.contains("\u{1B}") && shown.stdout.contains("\\u001B"))
  }

  @Test("a partner reads its witness from the opened result, and it is found again, opened or sealed") func witness()
    throws
  {
    let home = try TestHome()
    let report = try home.process(home.sealed(.payments("B-1", [100])))
    let sealed = try #require(try report.json["batches"][0]["result"].text)
    let keys = home.keys.encryption
    let shown = try home.run([
      "open", sealed, "--cert", keys.certificate, "--key", keys.key, "--signer-cert", home.processor, "--format",
      "table",
    ])
    let line = try #require(shown.stdout.split(separator: "\n").first { $0.hasPrefix("audit trail witness: ") })
    let witness = String(line.dropFirst("audit trail witness: ".count))
    #expect(try home.auditFindings(["--witness", witness]).isEmpty)
    let other = String(witness.dropLast()) + (witness.hasSuffix("0") ? "1" : "0")
    #expect(try home.auditFindings(["--witness", other]) == ["witness-differs"])
    #expect(try home.auditFindings(["--result", sealed, "--cert", keys.certificate, "--key", keys.key]).isEmpty)
    let opened = home.directory.file("result.json")
    try home.expectSuccess(["open", sealed, "--cert", keys.certificate, "--key", keys.key, "-o", opened])
    #expect(try home.auditFindings(["--result", opened]).isEmpty)
    try home.edit(opened) { $0.replacingOccurrences(of: "\"entry\":", with: "\"entry\":1") }
    #expect(try home.auditFindings(["--result", opened]) == ["truncated"])
    #expect(try home.run(["audit", "verify", "--witness", "5"]).status == 64)
  }

  private func digest(of path: String) throws -> String {
    String(decoding: try Command.tool("sha256sum", [path]).prefix(64), as: UTF8.self)
  }

  private func fingerprint(of certificate: String) throws -> String {
    let der = try Command.openssl(["x509", "-in", certificate, "-outform", "DER"])
    return String(decoding: try Command.tool("sha256sum", [], input: der).prefix(64), as: UTF8.self)
  }

  private func publicKeyDigest(of certificate: String) throws -> String {
    let pem = try Command.openssl(["x509", "-in", certificate, "-pubkey", "-noout"])
    let der = try Command.openssl(["pkey", "-pubin", "-outform", "DER"], input: pem)
    return String(decoding: try Command.tool("sha256sum", [], input: der).prefix(64), as: UTF8.self)
  }
}
