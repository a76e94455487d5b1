import Batch
import Journal
import Pipeline
import Station

/// How `process` tells what became of its files.
enum ProcessReport {
  /// The exit status: what stopped the work, or else the gravest of the files.
  static func status(of reports: [BatchReport], _ stopped: (any Error)?) -> ExitStatus {
    if let stopped { return Failure(stopped).map { ExitStatus($0.kind) } ?? .inputOutput }
    // A rejection tells more than a failed line, and a file that may not be sent more than a bad one.
    return reports.map(status).max { $0.rawValue < $1.rawValue } ?? .done
  }

  private static func status(of report: BatchReport) -> ExitStatus {
    switch report.status {
    case .rejected: return report.rejection.map { ExitStatus(Failure.kind(of: $0.code)) } ?? .data
    case .partial: return .unavailable
    case .completed:
      // An answer that is given again has no news.
      let hasFailures = (report.summary?.failed.count ?? 0) > 0
      return hasFailures && !report.isRepeated ? .someFailed : .done
    }
  }

  static func show(_ reports: [BatchReport], _ stopped: (any Error)?, _ format: OutputFormat) {
    let failure = stopped.flatMap { Failure($0) }
    switch format {
    case .json:
      var members: [(String, JSONValue)] = [("batches", .array(reports.map(json)))]
      if let failure { members.append(("error", failure.json)) }
      Output.print(.object(members))
    case .table:
      for report in reports where report.status != .rejected { table(report) }
    }
    for report in reports {
      if let rejection = report.rejection {
        RejectionReport.explain(rejection, of: report.file, detail: report.operatorDetail)
      }
    }
    failure?.complain()
  }

  private static func table(_ report: BatchReport) {
    guard let summary = report.summary else { return }
    let repeated = report.isRepeated ? ", answered before" : ""
    Output.print("batch \(report.batchID ?? "") of \(report.partner ?? ""): \(report.status.rawValue)\(repeated)")
    SummaryTable.show(summary)
    if let path = report.resultPath { Output.print("result: \(path)") }
  }

  private static func json(_ report: BatchReport) -> JSONValue {
    .object(compacting: [
      ("file", .string(report.file)), ("batchID", .optional(report.batchID)), ("partner", .optional(report.partner)),
      ("status", .string(report.status.rawValue)), ("repeated", report.isRepeated ? .bool(true) : nil),
      ("summary", report.summary.map(SummaryTable.json)), ("result", .optional(report.resultPath)),
      ("errors", report.rejection.map(RejectionReport.errors)),
      ("errorCount", report.rejection.map { .integer(Int64($0.errorCount)) }),
    ])
  }
}

/// Counts and sums of a batch, for a person and for a program.
enum SummaryTable {
  static func show(_ summary: BatchSummary) {
    var table = Table("", "#COUNT", "#AMOUNT")
    row("succeeded", summary.succeeded)
    row("failed", summary.failed)
    row("pending", summary.pending)
    table.print()

    func row(_ name: String, _ tally: BatchSummary.Tally) {
      let amounts = tally.amounts.sorted { $0.key < $1.key }
        .map { Money(minorUnits: $0.value, currency: $0.key).description }
      table.add(name, "\(tally.count)", amounts.isEmpty ? "0" : amounts.joined(separator: ", "))
    }
  }

  static func json(_ summary: BatchSummary) -> JSONValue { ResultSummary(summary).json }
}
