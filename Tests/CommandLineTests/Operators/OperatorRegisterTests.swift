import Foundation
import Journal
import TestKit
import Testing

@Suite("The register of operators") struct OperatorRegisterTests {
  private func operators(_ home: TestHome) throws -> [JSON] {
    try home.report(["operator", "list"]).json["operators"].elements
  }

  @Test("has who was added, changed and not removed, and the audit trail tells") func register() async throws {
    let home = try TestHome()
    let added = try home.report(["operator", "add", "alice", "--user", "al"])
    #expect(added.status == 0, "\(added)")
    try home.expectSuccess(["operator", "add", "bob", "--cert", home.keys.checker.certificate])
    try home.expectSuccess(["operator", "update", "alice", "--cert", home.keys.maker.certificate])
    let shown = try home.report(["operator", "show", "alice"]).json
    #expect(shown["user"].text == "al" && shown["certificate"]["subject"].text == "CN=maker")
    try home.expectSuccess(["operator", "update", "alice", "--user", ""])
    #expect(try home.report(["operator", "show", "alice"]).json["user"].isNull)
    try home.expectSuccess(["operator", "remove", "bob"])
    #expect(try operators(home).map(\.["name"].text) == ["alice"])
    #expect(try home.run(["operator", "show", "bob"]).status == 64)
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    let actions = try await journal.auditEntries(matching: AuditQuery()).map(\.event.action.rawValue)
      .filter { $0.hasPrefix("operator.") }
    #expect(
      actions == ["operator.added", "operator.added", "operator.updated", "operator.updated", "operator.removed"])
  }

  @Test("takes no login and no key twice: one person could release their own order") func twice() throws {
    let home = try TestHome()
    try home.expectSuccess(["operator", "add", "alice", "--user", "al", "--cert", home.keys.maker.certificate])
    for options in [["--user", "al"], ["--cert", home.keys.maker.certificate]] {
      let second = try home.run(["operator", "add", "bob"] + options)
      #expect(second.status == 78, "\(second)")
      #expect(second.stderr.contains("alice"), "\(second)")
    }
    #expect(try home.run(["operator", "add", "alice", "--user", "other"]).status == 78)
    #expect(try operators(home).count == 1)
  }

  @Test("takes nobody who can't be known, and no name that is none", arguments: [[], ["--user", ""]])
  func unknowable(options: [String]) throws {
    let home = try TestHome()
    #expect(try home.run(["operator", "add", "alice"] + options).status == 78)
    #expect(try home.run(["operator", "add", "../alice", "--user", "al"]).status == 78)
    #expect(try operators(home).isEmpty)
  }

  @Test("says which key of a file means nothing", arguments: ["usr: al", "user:"]) func strict(line: String) throws {
    let home = try TestHome()
    try home.expectSuccess(["operator", "add", "alice", "--user", "al"])
    try home.edit("\(home.path)/operators/alice.yaml") { $0 + "\n\(line)\n" }
    let list = try home.run(["operator", "list"])
    #expect(list.status == 78, "\(list)")
    #expect(list.stderr.contains("alice.yaml"), "\(list)")
  }

  @Test("is empty in a home of an earlier version, and begun there") func noDirectory() throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/operators")
    #expect(try operators(home).isEmpty)
    try home.expectSuccess(["operator", "add", "alice", "--user", "al"])
    #expect(try operators(home).count == 1)
  }

  @Test("is asked in one of the two ways that there are") func authentication() throws {
    let home = try TestHome()
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\noperators:\n  authentication: password\n" }
    let wrong = try home.run(["operator", "list"])
    #expect(wrong.status == 78, "\(wrong)")
    #expect(wrong.stderr.contains("operators.authentication"), "\(wrong)")
  }

  @Test(
    "is not asked otherwise, nor are demo keys taken, by a variable of the environment",
    arguments: [("DISBURSE_OPERATORS_AUTHENTICATION", "system-user"), ("DISBURSE_KEYS_ALLOW_DEMO_KEYS", "true")])
  func environment(name: String, value: String) throws {
    let home = try TestHome()
    let wrong = try home.run(["operator", "list"], environment: [name: value])
    #expect(wrong.status == 78, "\(wrong)")
    #expect(wrong.stderr.contains(name), "\(wrong)")
  }
}
