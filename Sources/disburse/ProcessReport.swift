import Batch
import Journal
import Pipeline
import Station

/// How `process` tells what became of its files.
enum ProcessReport {
  /// The exit status: the gravest of the files.
  static func status(of outcomes: [FileOutcome]) -> ExitStatus {
    // A rejection tells more than a failed line, and a file that may not be sent more than a bad one.
    return outcomes.map(status).max { $0.rawValue < $1.rawValue } ?? .done
  }

  private static func status(of outcome: FileOutcome) -> ExitStatus {
    switch outcome {
    case .reported(let report): status(of: report)
    case .failed(_, let failure): ExitStatus(failure.kind)
    case .unreached: .unavailable
    }
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

  static func show(_ outcomes: [FileOutcome], _ stopped: Failure?, _ format: OutputFormat) {
    switch format {
    case .json:
      var members: [(String, JSONValue)] = [("batches", .array(outcomes.map(json)))]
      if let failure = stopped ?? gravest(outcomes) { members.append(("error", failure.json)) }
      Output.print(.object(members))
    case .table:
      for case .reported(let report) in outcomes where report.status != .rejected { table(report) }
    }
    for outcome in outcomes {
      switch outcome {
      case .reported(let report):
        if let rejection = report.rejection {
          RejectionReport.explain(rejection, of: report.file, detail: report.operatorDetail)
        }
      case .failed(let file, let failure): failure.complain(of: file)
      case .unreached(let file): Output.complain("note:  \(file) was not processed")
      }
    }
    stopped?.complain()
  }

  private static func gravest(_ outcomes: [FileOutcome]) -> Failure? {
    outcomes.compactMap { if case .failed(_, let failure) = $0 { failure } else { nil } }
      .max { ExitStatus($0.kind).rawValue < ExitStatus($1.kind).rawValue }
  }

  private static func table(_ report: BatchReport) {
    guard let summary = report.summary else { return }
    let repeated = report.isRepeated ? ", answered before" : ""
    Output.print("batch \(report.batchID ?? "") of \(report.partner ?? ""): \(report.status.rawValue)\(repeated)")
    SummaryTable.show(summary)
    if let path = report.resultPath { Output.print("result: \(path)") }
  }

  private static func json(_ outcome: FileOutcome) -> JSONValue {
    switch outcome {
    case .reported(let report): json(report)
    case .failed(let file, let failure): json(unprocessed: file, errors: [failure.problem])
    case .unreached(let file): json(unprocessed: file, errors: [])
    }
  }

  private static func json(unprocessed file: String, errors: [JSONValue]) -> JSONValue {
    .object([("file", .string(file)), ("status", .string("NOT_PROCESSED")), ("errors", .array(errors))])
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
    if summary.byHand.count > 0 { row("of them settled by hand", summary.byHand) }
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
