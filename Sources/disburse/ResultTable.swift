import Batch
import Station
import Synchronization

/// A sealed result as a table with totals. It is read twice, since the columns are as wide as what stands in them.
struct ResultTable {
  private static let maximumIDWidth = 36

  private var idWidth = "INSTRUCTION".count
  private var amountWidth = "AMOUNT".count

  static func show(_ document: SealedDocument) async throws {
    let measured = Mutex(ResultTable())
    let result = try await read(document) { outcome in
      measured.withLock { $0.measure(outcome) }
    }
    guard result.header.status != .rejected else { return summarize(result) }
    let table = measured.withLock { $0 }
    Output.print(table.row("INSTRUCTION", "STATUS", "AMOUNT", "CUR", "DETAIL"))
    _ = try await read(document) { outcome in
      Output.print(table.row(outcome))
      try Output.check()
    }
    Output.print("")
    summarize(result)
  }

  private static func read(
    _ document: SealedDocument, line: @escaping @Sendable (Outcome) throws -> Void
  ) async throws -> ResultDocument {
    let reader = Mutex(ResultReader())
    try await document.read { bytes in
      try reader.withLock { try $0.consume(bytes, emit: line) }
    }
    return try reader.withLock { try $0.finish() }
  }

  private mutating func measure(_ outcome: Outcome) {
    idWidth = max(idWidth, min(Terminal.escaped(outcome.instructionID).count, Self.maximumIDWidth))
    amountWidth = max(amountWidth, Terminal.escaped(outcome.amount).count)
  }

  private func row(_ outcome: Outcome) -> String {
    row(
      Terminal.escaped(outcome.instructionID), outcome.status.name, Terminal.escaped(outcome.amount),
      Terminal.escaped(outcome.currency), Self.detail(of: outcome))
  }

  private func row(_ id: String, _ status: String, _ amount: String, _ currency: String, _ detail: String) -> String {
    [
      id.padded(to: idWidth), status.padded(to: 10), amount.padded(toRight: amountWidth), currency.padded(to: 3),
      detail,
    ].joined(separator: "  ").trimmingTrailingSpaces
  }

  private static func detail(of outcome: Outcome) -> String {
    if let reason = outcome.reason { return "\(reason.code.rawValue) (\(reason.code.iso)): \(reason.message)" }
    // Who opens a result is who it was sealed for: this is where the numbers are for.
    if let voucher = outcome.voucher {
      return "\(voucher.groupCode) \(voucher.serialNumber) \(voucher.voucherNumber) until \(voucher.expiryDate.rfc3339)"
    }
    if let word = outcome.settledByHand {
      return
        "settled by hand\(word.receipt.map { ", receipt \(Terminal.escaped($0))" } ?? ""): \(Terminal.escaped(word.note))"
    }
    return outcome.financialTransactionID.map { "transaction \($0)" } ?? ""
  }

  private static func summarize(_ result: ResultDocument) {
    let header = result.header
    Output.print(
      "batch \(header.batchID ?? "(unknown)") for \(header.sourceBBID): \(header.status.rawValue), "
        + "revision \(header.revision), \(header.generatedAt.rfc3339)")
    if let audit = header.audit {
      // On a line of its own, to be copied: whoever keeps it can tell later whether the processor's trail was changed.
      Output.print("audit trail witness: \(audit.spelling)")
    }
    for problem in result.problems { Output.print("  - \(RejectionReport.line(problem))") }
    guard header.status != .rejected else { return }
    let summary = header.summary
    Output.print(
      "\(summary.count) instructions: \(summary.succeeded) succeeded, \(summary.failed) failed, \(summary.pending) pending"
    )
    if summary.settledByHand.count > 0 {
      let amounts = summary.settledByHand.amounts.sorted { $0.key < $1.key }
        .map { Money(minorUnits: $0.value, currency: $0.key).description }
      Output.print(
        "\(summary.settledByHand.count) of them settled by hand, not by the wallet: \(amounts.joined(separator: ", "))")
    }
    var table = Table("TOTALS", "#TOTAL", "#SUCCEEDED", "#FAILED", "#PENDING")
    for (currency, amounts) in summary.amounts.sorted(by: { $0.key < $1.key }) {
      func decimal(_ minorUnits: Int64) -> String { Money(minorUnits: minorUnits, currency: currency).decimal }
      table.add(
        currency.code, Int64(exactly: amounts.total).map(decimal) ?? "over \(Int64.max)", decimal(amounts.succeeded),
        decimal(amounts.failed), decimal(amounts.pending))
    }
    table.print()
  }
}

extension String {
  /// Spaces behind, up to `width`.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  /// Spaces in front, up to `width`.
  func padded(toRight width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// Without spaces at its end.
  var trimmingTrailingSpaces: String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
