import Batch
import Foundation
import Journal
import LedgerWallet
import TestKit
import Vouchers
import Wallet

/// How a home stands when its batch has come to an end: what an interrupted run must share with an uninterrupted one.
struct Standing: Equatable, Sendable {
  /// The state of the batch, and whether its last result is published.
  var batch: String
  /// One text for each line of the journal: identifier, state, attempt, reference, reason.
  var journal: [String]
  /// One text for each line of the sealed result.
  var result: [String]
  /// The members beside the lines, but for the time.
  var summary: [String]
  /// What the partner and each payee hold, in minor units.
  var balances: [String: Int64]
  /// How many movements the ledger has.
  var movementCount: Int
  /// What does not agree in the books.
  var discrepancies: [String]
  /// What the live vouchers are worth together, and what the float holds for them.
  var liveVouchers: Int64
  var float: Int64
  /// The names in the outbox.
  var outbox: [String]

  static func of(_ home: CrashHome) async throws -> Standing {
    let ledger = try LedgerWallet(path: "\(home.path)/ledger.sqlite", clock: SystemClock())
    let books = try await ledger.verify()
    let document = try home.openedResult()
    return Standing(
      batch: try await batch(home), journal: try await journal(home),
      result: document["results"].elements.map(line),
      summary: ["batchID", "status", "revision"].map { "\($0): \(document[$0])" } + ["\(document["summary"])"],
      balances: try await balances(ledger), movementCount: books.movementCount, discrepancies: books.discrepancies,
      liveVouchers: try await liveVouchers(home),
      float: try await ledger.voucherFloats(of: TestHome.partner).reduce(0) { $0 + $1.minorUnits },
      outbox: names(home.outbox))
  }

  private static func batch(_ home: CrashHome) async throws -> String {
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    let batches = try await journal.batches(matching: BatchQuery())
    return batches.map { "\($0.header.batchID) \($0.life.state) \($0.isPublished)" }.joined(separator: ", ")
  }

  private static func journal(_ home: CrashHome) async throws -> [String] {
    let journal = try SQLiteJournal(path: "\(home.path)/journal.sqlite")
    guard let batch = try await journal.batches(matching: BatchQuery()).first else { return [] }
    return try await journal.lines(of: batch.number, from: 0, count: 10_000).map { line in
      [
        line.instruction.instructionID, "\(line.state)", "\(line.attempt)", line.reference?.uuidString ?? "-",
        line.reason?.code.rawValue ?? "-",
      ].joined(separator: " ")
    }
  }

  private static func line(_ line: JSON) -> String {
    ["instructionID", "status", "isoStatus", "amount", "currency", "reference", "groupCode"]
      .map { line[$0].text ?? "-" }.joined(separator: " ") + " " + (line["reason"]["code"].text ?? "-")
  }

  private static func balances(_ ledger: LedgerWallet) async throws -> [String: Int64] {
    var balances: [String: Int64] = [:]
    for money in try await ledger.balances(of: TestHome.partner) {
      balances["partner \(money.currency.code)"] = money.minorUnits
    }
    for id in Scenario.payees + [Scenario.inactivePayee, Scenario.limitedPayee] {
      for account in try await ledger.accounts(of: Payee(kind: .msisdn, id: id)) {
        balances[id] = account.balance.minorUnits
      }
    }
    return balances
  }

  private static func liveVouchers(_ home: CrashHome) async throws -> Int64 {
    let store = try await VoucherStore(
      path: "\(home.path)/vouchers.sqlite", vault: VoucherVault(keyFile: "\(home.path)/keys/vault.key"),
      clock: SystemClock())
    return try await store.liveTotals().values.joined().reduce(0) { $0 + $1.minorUnits }
  }
}

/// What a run of the campaign stands on was not so.
struct Unexpected: Error { let what: String }

extension CrashHome {
  /// The last sealed result, opened with `openssl` as the partner does.
  func openedResult() throws -> JSON {
    guard let name = names(outbox).last else { throw Unexpected(what: "the outbox is empty") }
    return try JSON(object: Sealing.open("\(outbox)/\(name)", as: original.keys, from: original.processor))
  }
}

/// The names in a directory, hidden ones too, in order; none when it is not there.
func names(_ directory: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
}
