import ArgumentParser
import Batch
import Journal
import Station

/// Which batch an operator's order is about.
struct OrderedBatch: ParsableArguments {
  @Argument(help: "The partner's ID of the batch.")
  var batchID: String
  @Option(help: "The partner, when several use the same ID.")
  var partner: String?
}

/// How an operator is known, on every order.
struct OperatorOptions: ParsableArguments {
  @Option(help: "The operator who orders it; else the one whose system user this is.")
  var `operator`: String?
  @Option(
    help: ArgumentHelp("The private key (PEM) of the operator's certificate, to sign the order.", valueName: "file"))
  var key: String?
  @Option(help: ArgumentHelp("The order's statement, signed elsewhere (CMS, DER).", valueName: "file"))
  var signature: String?
  @Flag(help: "Only prints the statement that --operator is to sign.")
  var printStatement = false

  func validate() throws {
    guard key == nil || signature == nil else { throw ValidationError("--key and --signature exclude each other.") }
    guard `operator` != nil || key == nil && signature == nil && !printStatement else {
      throw ValidationError("--key, --signature and --print-statement go with --operator.")
    }
  }

  private var credentials: OperatorCredentials {
    var credentials = OperatorCredentials()
    credentials.name = `operator`
    credentials.key = key
    credentials.signature = signature
    return credentials
  }

  /// Carries the order out and tells what became of it, or prints its statement.
  func run(_ order: BatchOrder, on batch: OrderedBatch, _ station: Station, _ format: OutputFormat) async throws {
    if printStatement, let name = `operator` {
      let text = try await station.statement(of: order, on: batch.batchID, partner: batch.partner, operator: name)
      return Output.write(text, to: 1)
    }
    let report = try await station.carryOut(
      order, on: batch.batchID, partner: batch.partner, credentials: credentials)
    switch format {
    case .json:
      let approvals = try await station.approvals(of: report.record)
      Output.print(
        .object(
          compacting: [
            ("verb", .string(order.verb)), ("actor", .string(report.actor.rawValue)),
            ("retried", report.retriedCount.map { .integer(Int64($0)) }),
            ("refusedAtAdmission", report.refusedCount.map { .integer(Int64($0)) }),
            ("withoutFinalAnswer", report.pendingCount.map { .integer(Int64($0)) }),
            (
              "batch",
              report.record.json(
                result: station.resultPath(of: report.record), report.summary, lines: nil, approvals: approvals)
            ),
          ]))
    case .table: for line in Self.lines(report, order) { Output.print(line) }
    }
  }

  private static func lines(_ report: OrderReport, _ order: BatchOrder) -> [String] {
    let name = "batch \(report.record.header.batchID) of \(report.record.partner)"
    let goOn = "the daemon goes on with it, or disburse process with its file"
    switch order {
    case .hold: return ["\(name) is held: nothing more of it is sent; what is on its way is followed to its end"]
    case .approve: return ["\(name) is released by \(report.actor.rawValue); \(goOn)"]
    case .resume: return ["\(name) is not held any more; \(goOn)"]
    case .cancel: return ["the rest of \(name) is cancelled; \(goOn), to answer it"]
    case .settle(let instruction, _, _):
      return ["the instruction \(instruction) of \(name) is settled by hand; the next revision of the result tells it"]
    case .retry:
      let waits = report.record.life.hold == nil ? goOn : "it waits for its release by another operator"
      var lines = ["\(report.retriedCount ?? 0) instructions of \(name) are tried again; \(waits)"]
      if let count = report.refusedCount, count > 0 {
        lines.append("\(count) are passed over: they were refused before anything was sent")
      }
      if let count = report.pendingCount, count > 0 {
        lines.append("\(count) are passed over: they have no final answer, processing asks for it")
      }
      return lines
    }
  }
}
