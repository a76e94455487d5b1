import Foundation
import GRDB
import TestKit
import Testing

@Suite("A home that something is wrong with") struct HomeTests {
  private func mode(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test("a home that is not there") func missing() throws {
    let directory = try TemporaryDirectory()
    let result = try Program.run(["partner", "list", "--home", directory.file("none"), "--format", "json"])
    #expect(result.status == 78)
    #expect(try result.json["error"]["code"].text == "no-home")
    #expect(result.stderr.contains("hint:  make one with disburse init"))
  }

  @Test("a home that others may look into", arguments: ["", "/keys"]) func exposed(part: String) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    try mode(0o755, home.path + part)
    let report = try home.process(file)
    #expect(report.status == 78)
    #expect(try report.json["error"]["code"].text == "exposed")
    try mode(0o700, home.path + part)
    #expect(try home.process(file).status == 0)
  }

  @Test("a private key that others may read") func exposedKey() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    try mode(0o644, home.path + "/keys/encryption-1.key")
    #expect(try home.process(file).status == 78)
    try mode(0o600, home.path + "/keys/encryption-1.key")
    #expect(try home.process(file).status == 0)
  }

  @Test("a vault key that others may read") func exposedVaultKey() throws {
    let home = try TestHome()
    let file = try home.sealed(.vouchers("B-1", [100]))
    try mode(0o644, home.path + "/keys/vault.key")
    #expect(try home.process(file).status == 78)
    try mode(0o600, home.path + "/keys/vault.key")
    #expect(try home.process(file).status == 0)
  }

  @Test(
    "a store that a later version wrote stops the work before anybody is paid, and goes on with its own version",
    arguments: ["journal", "ledger", "vouchers", "beneficiaries"])
  func newerStore(name: String) throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.vouchers("B-1", [100]))).status == 0)
    let store = "\(home.path)/\(name).sqlite"
    let version = try setVersion(99, of: store)
    let file = try home.sealed(.payments("B-2", [100]))
    let report = try home.process(file)
    #expect(report.status == 78, "\(report)")
    #expect(report.stderr.contains("later version"), "\(report)")
    #expect(try !report.json["error"]["code"].isNull)
    try setVersion(version, of: store)
    #expect(try home.balance() == TestHome.funded - 100)
    #expect(try home.process(file).status == 0)
    #expect(try home.balance() == TestHome.funded - 200)
  }

  @discardableResult
  private func setVersion(_ version: Int, of path: String) throws -> Int {
    try DatabaseQueue(path: path).writeWithoutTransaction { db in
      let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      try db.execute(sql: "PRAGMA user_version = \(version)")
      return found
    }
  }

  @Test(
    "a store that is lost is told with the remedy, and not begun anew",
    arguments: ["journal.sqlite", "ledger.sqlite", "vouchers.sqlite", "beneficiaries.sqlite"])
  func lostStore(name: String) throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    let file = try home.sealed(.payments("B-2", [100]))
    let store = "\(home.path)/\(name)"
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.moveItem(atPath: store + suffix, toPath: home.directory.file(name + suffix))
    }
    let reader = [
      "journal.sqlite": "batch list", "ledger.sqlite": "wallet balance \(TestHome.partner)",
      "beneficiaries.sqlite": "beneficiary list",
    ][name]
    for command in ["process \(file)", reader ?? "voucher group list"] {
      let report = try home.report(command.split(separator: " ").map(String.init))
      #expect(report.status == 78, "\(report)")
      #expect(try report.json["error"]["code"].text == "missing-store")
      #expect(report.stderr.contains(store) && report.stderr.contains("backup"), "\(report)")
    }
    #expect(!FileManager.default.fileExists(atPath: store))
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.moveItem(atPath: home.directory.file(name + suffix), toPath: store + suffix)
    }
    #expect(try home.balance() == TestHome.funded - 100)
    #expect(try home.process(file).status == 0)
  }

  @Test("a new home has its stores, which are its owner's alone") func stores() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("home")
    #expect(try Program.run(["init", path]).status == 0)
    for name in ["journal", "ledger", "vouchers", "beneficiaries"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name).sqlite")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
    for command in [["batch", "list"], ["voucher", "group", "list"], ["beneficiary", "list"]] {
      #expect(try Program.run(command + ["--home", path]).status == 0)
    }
  }

  @Test("a journal that is no database") func damagedJournal() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    // What is still in its log would make it whole again.
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.path + "/journal.sqlite" + suffix)
    }
    try Data("this is no database, though it is long enough to have been one".utf8)
      .write(to: URL(filePath: home.path + "/journal.sqlite"))
    let report = try home.process(file)
    #expect([74, 78].contains(report.status), "\(report)")
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("a configuration that is none") func configuration() throws {
    let home = try TestHome()
    let result = try home.run(["partner", "list"], environment: ["DISBURSE_DISPATCH_LANES": "many"])
    #expect(result.status == 78)
    #expect(try home.run(["partner", "list"], environment: ["DISBURSE_DISPATCH_LANES": "0"]).status == 78)
  }

  @Test("an output that can't be written is told before anybody is paid", arguments: ["/none/there/result.p7m", "/"])
  func output(path: String) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let report = try home.process(file, ["-o", path])
    #expect(report.status == 73)
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file).status == 0)
  }

  @Test("a file that is not there is an error of reading, not of the sender") func noFile() throws {
    let home = try TestHome()
    let report = try home.process(home.directory.file("none.p7m"))
    #expect(report.status == 74)
    #expect(try report.json["error"]["message"].text?.contains("none.p7m") == true)
  }

  @Test("a home is made once") func existing() throws {
    let home = try TestHome()
    let result = try home.report(["init"])
    #expect(result.status == 73)
    #expect(try result.json["error"]["code"].text == "home-exists")
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("a home that was moved answers as before") func moved() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    #expect(try home.process(file).status == 0)
    let path = home.directory.file("elsewhere")
    try FileManager.default.moveItem(atPath: home.path, toPath: path)
    let report = try Program.run(["process", file, "--home", path, "--format", "json"])
    #expect(report.status == 0)
    #expect(try report.json["batches"][0]["result"].text?.hasPrefix(path) == true)
  }
}
