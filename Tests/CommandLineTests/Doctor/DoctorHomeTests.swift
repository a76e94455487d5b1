import Foundation
import GRDB
import Glibc
import TestKit
import Testing

@Suite("The doctor on a home") struct DoctorHomeTests {
  @Test("a new home has no problem, and each check is told") func clean() throws {
    let home = try TestHome()
    try home.makeInbox()
    let found = try Examination(home)
    #expect(found.execution.status == 0, "\(found.execution)")
    #expect(found.json["sound"].text == "1")
    let checks = found.json["checks"].elements
    #expect(checks.count == 18)
    // What the machine is like is not the home's doing.
    let ofTheMachine = ["clock", "space", "libcrypto", "SQLite"]
    let others = checks.filter { !ofTheMachine.contains($0["check"].text ?? "") }
    #expect(others.allSatisfy { $0["result"].text == "ok" }, "\(others)")
    let table = try home.run(["doctor"])
    #expect(table.status == 0)
    #expect(table.stdout.contains("ok       permissions"), "\(table)")
  }

  @Test("a home that has worked has none") func worked() throws {
    let home = try TestHome()
    try home.makeInbox()
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    #expect(try home.process(home.sealed(.vouchers("B-2", [100]))).status == 0)
    #expect(try Examination(home, ["--deep"]).execution.status == 0)
  }

  @Test("nothing is changed by it") func unchanged() throws {
    let home = try TestHome()
    func digest() throws -> [UInt8] {
      try Command.tool(
        "sh", ["-c", "cd '\(home.path)'; find . -type f ! -name '*-wal' ! -name '*-shm' | sort | xargs sha256sum"])
    }
    _ = try Examination(home)
    let before = try digest()
    _ = try Examination(home)
    #expect(try digest() == before)
  }

  @Test("where there is no home at all it says so") func noHome() throws {
    let directory = try TemporaryDirectory()
    let result = try Program.run(["doctor", "--home", directory.file("none"), "--format", "json"])
    #expect(result.status == 78)
    #expect(try result.json["error"]["code"].text == "no-home")
  }

  @Test("a variable that means nothing is told with those that do, and one that means something is not")
  func environment() throws {
    let home = try TestHome()
    let found = try Examination(
      home,
      environment: [
        "DISBURSE_LEDGER_OPEN_ON_CREDT": "true", "DISBURSE_LEDGER_OPEN_ON_CREDIT": "true",
        "DISBURSE_BATCH_MAXIMUM_DOCUMENT_BYTES": "1000000", "DISBURSE_PROCESSOR_ID": "treasury-disburse",
      ])
    #expect(found.findings("environment").count == 1)
    #expect(found.found("environment", "warning", "DISBURSE_LEDGER_OPEN_ON_CREDT", "means nothing"))
    #expect(found.findings("environment")[0]["remedy"].text?.contains("DISBURSE_LEDGER_OPEN_ON_CREDIT") == true)
    #expect(found.execution.status == 0)
  }

  @Test("a configuration that can't be read is a problem, and the rest is examined all the same") func configuration()
    throws
  {
    let home = try TestHome()
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\nledgr:\n  openOnCredit: true\n" }
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("configuration", "problem", "disburse.yaml", "ledgr"))
    #expect(found.result("keys") == "ok")
    #expect(found.result("ledger") == "ok")
  }

  @Test(
    "what others may read is a problem",
    arguments: [
      ("", 0o750), ("keys", 0o755), ("spool/outbox", 0o711), ("keys/signing-1.key", 0o640), ("journal.sqlite", 0o644),
      ("partners/social-registry.yaml", 0o604), ("spool/inbox/social-registry", 0o777), ("keys/vault.key", 0o644),
    ])
  func exposed(name: String, mode: Int) throws {
    let home = try TestHome()
    try home.makeInbox()
    try home.setMode(mode, name)
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(
      found.found("permissions", "problem", name.isEmpty ? "home" : name, "others may look into it"),
      "\(found.execution)")
    #expect(found.findings("permissions").count == 1)
  }

  @Test("a directory that is missing is a problem", arguments: ["spool/work", "locks", "spool/inbox"])
  func missingDirectory(name: String) throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/\(name)")
    let found = try Examination(home)
    #expect(found.found("permissions", "problem", name, "missing"), "\(found.execution)")
    #expect(found.result("keys") == "ok")
  }

  @Test("what belongs to somebody else is a problem", .enabled(if: geteuid() == 0)) func owner() throws {
    let home = try TestHome()
    #expect(chown("\(home.path)/ledger.sqlite", 65_534, 65_534) == 0)
    let found = try Examination(home)
    #expect(found.found("permissions", "problem", "ledger.sqlite", "belongs to"), "\(found.execution)")
  }

  @Test("a store that is lost is a problem", arguments: ["journal", "ledger", "vouchers", "beneficiaries"])
  func missingStore(name: String) throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/\(name).sqlite")
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("stores", "problem", name, "missing"), "\(found.execution)")
    #expect(found.findings("stores").count == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/\(name).sqlite"))
  }

  @Test("a store with a damaged page is a problem") func damagedStore() throws {
    let home = try TestHome()
    let path = "\(home.path)/ledger.sqlite"
    try DatabaseQueue(path: path).writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let pageSize = try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA page_size") ?? 4_096 }
    var bytes = try TemporaryDirectory.bytes(of: path)
    // All but the first page, which has the schema.
    for index in bytes.indices.dropFirst(pageSize) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try Data(bytes).write(to: URL(filePath: path))
    try home.setMode(0o600, "ledger.sqlite")
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("stores", "problem", "ledger.sqlite", "damaged"), "\(found.execution)")
  }

  @Test("books that don't balance are a problem") func books() throws {
    let home = try TestHome()
    try DatabaseQueue(path: "\(home.path)/ledger.sqlite").write { db in
      try db.execute(sql: "UPDATE account SET balance = balance + 1 WHERE number = 1")
    }
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("ledger", "problem", "ledger.sqlite", "sum to"), "\(found.execution)")
  }
}
