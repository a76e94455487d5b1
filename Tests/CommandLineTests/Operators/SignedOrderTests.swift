import Journal
import TestKit
import Testing

@Suite("Orders that operators sign", .enabled(if: Login.canBePlayed)) struct SignedOrderTests {
  private let home: TestHome
  private let alice: PartnerKey
  private let bob: PartnerKey
  private let file: String

  init() throws {
    home = try TestHome()
    alice = try PartnerKey("alice", for: .signature, in: home.directory)
    bob = try PartnerKey("bob", for: .signature, in: home.directory)
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\noperators:\n  authentication: certificate\n" }
    try home.expectSuccess(["operator", "add", "alice", "--cert", alice.certificate])
    try home.expectSuccess(["operator", "add", "bob", "--user", Login.name(Login.bob), "--cert", bob.certificate])
    try home.update("--require-release")
    file = try home.sealed(.payments("B-1", [100, 200]))
    #expect(try home.process(file, environment: Login.stranger).status == 69)
  }

  private func order(_ words: String...) throws -> Execution { try home.report(["batch"] + words) }

  /// What `openssl` makes of the statement of an order, as on another machine.
  private func signed(_ words: String..., by key: PartnerKey) throws -> String {
    let printed = try home.run(["batch"] + words + ["--print-statement"])
    #expect(printed.status == 0, "\(printed)")
    let statement = try home.directory.write(printed.output, as: "statement.json")
    let signature = home.directory.file("statement.p7s")
    try Command.openssl([
      "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", key.certificate, "-inkey", key.key, "-in",
      statement, "-out", signature,
    ])
    return signature
  }

  private func expectHeld(_ order: Execution, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    #expect(order.status == 77, "\(order)", sourceLocation: sourceLocation)
    #expect(order.stderr.contains(reason), "\(order)", sourceLocation: sourceLocation)
    #expect(try home.batch()["hold"]["cause"].text == "awaiting-release", sourceLocation: sourceLocation)
  }

  @Test("with their key here release the batch, and the signature is kept") func here() async throws {
    let order = try order("approve", "B-1", "--operator", "alice", "--key", alice.key)
    #expect(order.status == 0, "\(order)")
    #expect(try home.process(file).status == 0)
    let approval = try home.batch()["approvals"][0]
    #expect(approval["operator"].text == "operator alice")
    #expect(approval["isSigned"].text == "1")
    #expect(approval["evidence"].text?.count == 64)
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    let batch = try #require(try await journal.batch("B-1", of: TestHome.partner))
    let kept = try #require(try await journal.approvals(of: batch.number).first?.approval.signature)
    let statement = try Command.openssl(
      ["cms", "-verify", "-binary", "-inform", "DER", "-CAfile", alice.certificate, "-purpose", "any"], input: kept)
    let told = try JSON(object: statement)
    #expect(told["verb"].text == "approve" && told["batchID"].text == "B-1" && told["operator"].text == "alice")
    #expect(told["processor"].text == "treasury-disburse" && told["partner"].text == TestHome.partner)
    #expect(told["contentSHA256"].text?.count == 64 && told["round"].text == "1")
    #expect(told["count"].text == "2" && told["sums"]["RWF"].text == "300")
  }

  @Test("on another machine, with openssl, release the batch") func elsewhere() throws {
    let signature = try signed("approve", "B-1", "--operator", "bob", by: bob)
    let order = try order("approve", "B-1", "--operator", "bob", "--signature", signature)
    #expect(order.status == 0, "\(order)")
    #expect(try home.process(file).status == 0)
    #expect(try home.balance() == TestHome.funded - 300)
  }

  @Test("with another's key, here or elsewhere, are refused") func otherKey() throws {
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--key", bob.key), "is not the private key")
    let signature = try signed("approve", "B-1", "--operator", "alice", by: bob)
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--signature", signature), "does not hold")
    try expectHeld(order("approve", "B-1", "--operator", "bob", "--signature", signature), "does not hold")
  }

  @Test("for another batch, another verb or another time are refused") func otherStatement() throws {
    #expect(try home.process(home.sealed(.payments("B-2", [100])), environment: Login.stranger).status == 69)
    let other = try signed("approve", "B-2", "--operator", "alice", by: alice)
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--signature", other), "another statement")
    let resume = try signed("resume", "B-1", "--note", "on", "--operator", "alice", by: alice)
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--signature", resume), "another statement")
  }

  @Test("without a signature are refused where money can move, and to stop needs none") func unsigned() throws {
    try expectHeld(order("approve", "B-1"), "--print-statement")
    try expectHeld(order("approve", "B-1", "--operator", "alice"), "--signature")
    #expect(try order("retry", "B-1", "--note", "x").status == 77)
    #expect(try order("settle", "B-1", "--instruction", "B-1-0", "--note", "x").status == 77)
    #expect(try order("resume", "B-1", "--note", "x").status == 77)
    let cancel = try order("cancel", "B-1", "--note", "x")
    #expect(cancel.status == 0, "\(cancel)")
  }

  @Test("do not release what the same key has signed as a batch") func fourEyes() throws {
    try home.expectSuccess(["operator", "update", "alice", "--cert", home.keys.maker.certificate])
    try expectHeld(
      order("approve", "B-1", "--operator", "alice", "--key", home.keys.maker.key), "can't release it")
    #expect(try order("approve", "B-1", "--operator", "bob", "--key", bob.key).status == 0)
  }

  @Test("with their key here do not release what the same login has handed in") func sameLogin() throws {
    let own = try home.report(
      ["batch", "approve", "B-1", "--operator", "alice", "--key", alice.key], environment: Login.stranger)
    try expectHeld(own, "can't release it")
    #expect(try order("approve", "B-1", "--operator", "alice", "--key", alice.key).status == 0)
  }

  @Test("elsewhere release nothing that was handed in, while the operator's login is not known") func noLogin() throws {
    let signature = try signed("approve", "B-1", "--operator", "alice", by: alice)
    let unknown = try order("approve", "B-1", "--operator", "alice", "--signature", signature)
    try expectHeld(unknown, "disburse operator update alice --user LOGIN")
    let doctor = try home.report(["doctor"]).stdout
    #expect(doctor.contains("disburse operator update alice --user LOGIN") && !doctor.contains("update bob"))
    try home.expectSuccess(["operator", "update", "alice", "--user", Login.name(Login.stranger)])
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--signature", signature), "can't release it")
    try home.expectSuccess(["operator", "update", "alice", "--user", Login.name(Login.alice)])
    #expect(try order("approve", "B-1", "--operator", "alice", "--signature", signature).status == 0)
  }

  @Test("to go on are good for one stop only, and not for the next that looks the same") func oneStop() throws {
    #expect(try order("approve", "B-1", "--operator", "bob", "--key", bob.key).status == 0)
    #expect(try order("hold", "B-1", "--note", "look").status == 0)
    let signature = try signed("resume", "B-1", "--note", "on", "--operator", "alice", by: alice)
    let words = ["resume", "B-1", "--note", "on", "--operator", "alice", "--signature", signature]
    #expect(try home.report(["batch"] + words).status == 0)
    #expect(try order("hold", "B-1", "--note", "look").status == 0)
    let again = try home.report(["batch"] + words)
    #expect(again.status == 77, "\(again)")
    #expect(again.stderr.contains("another statement"), "\(again)")
    #expect(try home.batch()["hold"]["cause"].text == "operator-stop")
  }

  @Test("to try all again tell what will be: not what was refused at admission") func retryOfAll() throws {
    try home.update("--no-require-release", "--max-instruction", "1000RWF")
    try home.open(0, state: "inactive")
    let file = try home.sealed(.payments("B-3", [100, 2_000, 300]))
    #expect(try home.process(file).status == 2)
    let printed = try home.run(["batch", "retry", "B-3", "--note", "x", "--operator", "bob", "--print-statement"])
    let told = try JSON(object: printed.output)
    #expect(told["count"].text == "1" && told["sums"]["RWF"].text == "100", "\(printed)")
    let order = try order("retry", "B-3", "--note", "x", "--operator", "bob", "--key", bob.key)
    #expect(try order.json["retried"].text == "1", "\(order)")
  }

  @Test("with a certificate that has ended are refused") func ended() throws {
    let old = home.keys.expired
    try Command.tool("cp", [old.certificate, "\(home.path)/operators/old.crt"])
    try home.edit("\(home.path)/operators/alice.yaml") {
      $0.split(separator: "\n").map { $0.hasPrefix("certificate:") ? "certificate: old.crt" : String($0) }
        .joined(separator: "\n")
    }
    try expectHeld(order("approve", "B-1", "--operator", "alice", "--key", old.key), "has expired")
  }

  @Test("tell what they are about, in a retry and a settlement too, and are kept in the audit trail") func others()
    async throws
  {
    try home.open(0, state: "inactive")
    #expect(try order("approve", "B-1", "--operator", "bob", "--key", bob.key).status == 0)
    #expect(try home.process(file).status == 2)
    let printed = try home.run([
      "batch", "settle", "B-1", "--instruction", "B-1-0", "--note", "cash", "--receipt", "R", "--operator", "alice",
      "--print-statement",
    ])
    let told = try JSON(object: printed.output)
    #expect(told["instructions"][0].text == "B-1-0" && told["sums"]["RWF"].text == "100")
    #expect(told["note"].text == "cash" && told["receipt"].text == "R")
    let retry = try order("retry", "B-1", "--note", "again", "--operator", "alice", "--key", alice.key)
    #expect(retry.status == 0, "\(retry)")
    let own = try order("approve", "B-1", "--operator", "alice", "--key", alice.key)
    #expect(own.status == 77, "\(own)")
    #expect(try order("approve", "B-1", "--operator", "bob", "--key", bob.key).status == 0)
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    let entries = try await journal.auditEntries(matching: AuditQuery())
    let entry = try #require(entries.first { $0.event.action == .batchRetried })
    #expect(entry.event.actor == .operator("alice") && entry.event.key?.count == 64)
    #expect(entry.event.details.contains { $0.name == "signature" && $0.value.count > 200 })
  }
}
