import Cryptography
import Foundation
import GRDB
import TestKit

/// Somebody who may write to the journal's file: takes the guards away, does what they want, and puts the guards back.
///
/// The hash is made here by the description in `Docs/audit.md` and not by the program's own code.
struct AuditAttacker {
  let home: TestHome

  init(_ home: TestHome) { self.home = home }

  /// Runs `sql` on the journal as if nothing guarded the trail.
  func run(_ sql: String...) throws { try write { db in for sql in sql { try db.execute(sql: sql) } } }

  /// The numbers of entries.
  func numbers() throws -> [Int64] {
    try queue().read { try Int64.fetchAll($0, sql: "SELECT number FROM audit ORDER BY number") }
  }

  /// Computes every hash anew, from the first entry to the last.
  func recompute() throws {
    try write { db in
      var previous = [UInt8](repeating: 0, count: 32)
      for row in try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY number") {
        let hash = try Self.hash(of: row, previous: previous)
        try db.execute(
          sql: "UPDATE audit SET previous = ?, hash = ? WHERE number = ?",
          arguments: [Data(previous), Data(hash), row["number"] as Int64])
        previous = hash
      }
    }
  }

  /// The hash of an entry, as the documentation says that it is made.
  static func hash(of row: Row, previous: [UInt8]) throws -> [UInt8] {
    func word(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    var bytes = Array("disburse audit 1\0".utf8) + previous + word(row["number"]) + word(row["at"])
    for name in ["action", "actor", "partner", "batch_id", "file", "key"] {
      guard let text = row[name] as String? else {
        bytes += [0]
        continue
      }
      bytes += [1] + word(Int64(text.utf8.count)) + Array(text.utf8)
    }
    let details = row["details"] as Data
    return try SHA256.digest(bytes + word(Int64(details.count)) + Array(details)).bytes
  }

  private func write(_ body: @escaping (Database) throws -> Void) throws {
    try queue().write { db in
      let guards = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      for row in guards { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
      try body(db)
      for row in guards { try db.execute(sql: row["sql"]) }
    }
  }

  private func queue() throws -> DatabaseQueue { try DatabaseQueue(path: "\(home.path)/journal.sqlite") }
}

extension TestHome {
  /// Runs `sql` on the journal.
  func sqlite(_ sql: String) throws {
    try DatabaseQueue(path: "\(path)/journal.sqlite").write { try $0.execute(sql: sql) }
  }

  /// What `audit verify` finds, by kind, each once; empty for a trail that is whole.
  func auditFindings(_ options: [String] = []) throws -> [String] {
    let report = try report(["audit", "verify"] + options)
    let json = try report.json
    let kinds = json["findings"].elements.compactMap(\.["kind"].text)
    guard report.status == (json["faultCount"].text == "0" ? 0 : 65), json["whole"].text == (kinds.isEmpty ? "1" : "0")
    else { throw Command.Failure(description: "audit verify: \(report)") }
    return Array(Set(kinds)).sorted()
  }

  /// The entries of the trail.
  func auditEntries(_ options: [String] = []) throws -> [JSON] {
    let report = try report(["audit", "show", "--limit", "1000"] + options)
    guard report.status == 0 else { throw Command.Failure(description: "audit show: \(report)") }
    return try report.json["entries"].elements
  }
}
