import Glibc
import TestKit

/// System users that a test plays: `sudo` tells the program who has called it.
enum Login {
  /// Whether the system tells no login of its own, which would count for more.
  static let canBePlayed: Bool = {
    guard let file = fopen("/proc/self/loginuid", "r") else { return true }
    defer { fclose(file) }
    var number: UInt32 = 0
    return withUnsafeMutablePointer(to: &number) { withVaList([$0]) { vfscanf(file, "%u", $0) } } != 1
      || number == .max
  }()

  static let alice = ["SUDO_UID": "1"]
  static let bob = ["SUDO_UID": "2"]
  /// No operator.
  static let stranger = ["SUDO_UID": "3"]

  /// The name that the system knows an environment's user by.
  static func name(_ environment: [String: String]) throws -> String {
    guard let number = environment["SUDO_UID"].flatMap(uid_t.init), let entry = getpwuid(number) else {
      throw Command.Failure(description: "the system has no user \(environment)")
    }
    return String(cString: entry.pointee.pw_name)
  }
}

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

  /// An account that takes no money, until it is set.
  func open(_ payee: Int, state: String) throws {
    try expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(payee), "--state", state])
  }

  func set(_ payee: Int, state: String) throws {
    try expectSuccess(["wallet", "account", "set", "MSISDN", BatchDocument.payee(payee), "--state", state])
  }
}
