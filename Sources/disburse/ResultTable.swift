import Batch
import Station
import Synchronization

/// A sealed result as a table with totals, printed as it is read.
enum ResultTable {
  static func show(_ document: SealedDocument) async throws {
    let reader = Mutex(ResultReader())
    let columns = "INSTRUCTION           STATUS          AMOUNT  CUR  DETAIL"
    Output.print(columns)
    try await document.read { bytes in
      try reader.withLock { try $0.consume(bytes) { Output.print(line($0)) } }
    }
    let result = try reader.withLock { try $0.finish() }
    Output.print("")
    show(result)
  }

  private static func line(_ outcome: Outcome) -> String {
    [
      outcome.instructionID.padded(to: 20), outcome.status.name.padded(to: 10), outcome.amount.padded(toRight: 12),
      outcome.currency.padded(to: 3), detail(of: outcome),
    ].joined(separator: "  ")
  }

  private static func detail(of outcome: Outcome) -> String {
    if let reason = outcome.reason { return "\(reason.code.rawValue) (\(reason.code.iso)): \(reason.message)" }
    // Who opens a result is who it was sealed for: this is where the numbers are for.
    if let voucher = outcome.voucher {
      return "\(voucher.groupCode) \(voucher.serialNumber) \(voucher.voucherNumber) until \(voucher.expiryDate.rfc3339)"
    }
    return outcome.financialTransactionID.map { "transaction \($0)" } ?? ""
  }

  private static func show(_ result: ResultDocument) {
    let header = result.header
    Output.print(
      "batch \(header.batchID ?? "(unknown)") for \(header.sourceBBID): \(header.status.rawValue), "
        + "revision \(header.revision), \(header.generatedAt.rfc3339)")
    for problem in result.problems {
      Output.print("  - \(problem.code.rawValue)\(problem.pointer.map { " at \($0)" } ?? ""): \(problem.message)")
    }
    guard header.status != .rejected else { return }
    let summary = header.summary
    Output.print(
      "\(summary.count) instructions: \(summary.succeeded) succeeded, \(summary.failed) failed, \(summary.pending) pending"
    )
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
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  fileprivate func padded(toRight width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
