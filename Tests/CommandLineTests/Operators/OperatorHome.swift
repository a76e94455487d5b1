import TestKit

extension TestHome {
  /// Registers alice and bob by their system users.
  func addOperators() throws {
    try expectSuccess(["operator", "add", "alice", "--user", Login.name(Login.alice)])
    try expectSuccess(["operator", "add", "bob", "--user", Login.name(Login.bob)])
  }

  /// Gives an order about a batch as a system user, with a report in JSON.
  func order(_ words: [String], as login: [String: String] = Login.alice) throws -> Execution {
    try report(["batch"] + words, environment: login)
  }

  /// How the batch stands.
  func batch(_ batchID: String = "B-1") throws -> JSON { try report(["batch", "show", batchID]).json }

  /// An account that takes money only when it is active.
  func open(_ payee: Int, state: String) throws {
    try expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(payee), "--state", state])
  }

  /// Changes such an account.
  func set(_ payee: Int, state: String) throws {
    try expectSuccess(["wallet", "account", "set", "MSISDN", BatchDocument.payee(payee), "--state", state])
  }
}
