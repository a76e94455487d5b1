import Foundation
import Glibc
import TestKit
import Testing

/// What `disburse doctor` says of a home.
struct Examination {
  let execution: Execution
  let json: JSON

  init(_ home: TestHome, _ options: [String] = [], environment: [String: String] = [:]) throws {
    try self.init(home.report(["doctor"] + options, environment: environment))
  }

  init(_ execution: Execution) throws {
    self.execution = execution
    json = try execution.json
  }

  /// "ok", "warning" or "problem".
  func result(_ check: String) -> String? { self[check]["result"].text }

  /// The findings of a check: severity, subject, what, remedy.
  func findings(_ check: String) -> [JSON] { self[check]["findings"].elements }

  /// Whether the check found something of this severity whose subject and words have these in them.
  func found(_ check: String, _ severity: String, _ subject: String, _ words: String) -> Bool {
    findings(check).contains {
      $0["severity"].text == severity && $0["subject"].text?.contains(subject) == true
        && $0["what"].text?.contains(words) == true && $0["remedy"].text?.isEmpty == false
    }
  }

  private subscript(_ check: String) -> JSON {
    json["checks"].elements.first { $0["check"].text == check } ?? json["none"]
  }
}

extension TestHome {
  /// Sets the mode of something in the home.
  func setMode(_ mode: Int, _ name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
  }

  /// Makes the inbox of the partner, as a daemon does.
  func makeInbox() throws {
    try FileManager.default.createDirectory(
      atPath: "\(path)/spool/inbox/\(Self.partner)", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o770])
  }

  /// Puts a file into the home that was last touched so many seconds ago.
  func drop(_ name: String, secondsAgo: Int) throws {
    let path = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(filePath: path))
    try Command.tool("touch", ["-d", "\(secondsAgo) seconds ago", path])
  }
}
