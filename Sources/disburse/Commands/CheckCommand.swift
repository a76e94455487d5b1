import ArgumentParser
import Batch
import Pipeline
import Station

/// The identity of a document that tells none of its own.
struct BareArrayOptions: ParsableArguments {
  @Option(help: ArgumentHelp("For a bare array of instructions: the batch's ID.", valueName: "id"))
  var batchID: String?
  @Option(help: ArgumentHelp("For a bare array: the partner's name; else whose signers signed.", valueName: "name"))
  var source: String?
  @Option(help: ArgumentHelp("For a bare array: the request's ID.", valueName: "id"))
  var requestID: String?
  @Option(help: ArgumentHelp("For a bare array: the programme.", valueName: "id"))
  var program: String?
  @Option(help: ArgumentHelp("For a bare array: the currency of lines that name none.", valueName: "RWF"))
  var currency: String?

  func validate() throws {
    guard batchID != nil || [source, requestID, program, currency].allSatisfy({ $0 == nil }) else {
      throw ValidationError("A bare array needs a --batch-id.")
    }
    if let currency, Currency(code: currency) == nil {
      throw ValidationError("\(currency) is no currency of ISO 4217.")
    }
  }

  var identity: BareArrayIdentity? {
    guard let batchID else { return nil }
    var identity = BareArrayIdentity(batchID: batchID, sourceBBID: source)
    identity.requestID = requestID
    identity.programID = program
    identity.currency = currency.flatMap { Currency(code: $0) }
    return identity
  }
}

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Does everything short of moving money, and keeps nothing.",
    discussion: """
      EXAMPLE
        disburse check batch.p7m
      """)

  @Argument(help: "The sealed file.")
  var file: String
  @OptionGroup var bareArray: BareArrayOptions
  @OptionGroup var home: HomeOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let display = ProgressDisplay(of: file)
    let processor = try await home.station().processor()
    do {
      let report = try await processor.check(file, bareArray: bareArray.identity, progress: display.show)
      display.finish()
      show(report)
      if report.refusedCount > 0 { throw ExitStatus.someFailed.exitCode }
    } catch let rejection as Rejection {
      display.finish()
      RejectionReport.show(rejection, of: file, format.format)
      throw ExitStatus(Failure.kind(of: rejection.code)).exitCode
    }
  }

  private func show(_ report: CheckReport) {
    switch format.format {
    case .json:
      Output.print(
        .object([
          ("file", .string(report.file)), ("batchID", .string(report.header.batchID)),
          ("partner", .string(report.partner)), ("count", .integer(Int64(report.count))),
          ("refused", .integer(Int64(report.refusedCount))),
          ("payable", .object(report.payable.map { ($0.currency.code, .string($0.decimal)) })),
          ("known", .bool(report.isKnown)),
        ]))
    case .table:
      let sum = report.payable.map(\.description).joined(separator: ", ")
      Output.print(
        report.isKnown
          ? "\(report.file): batch \(report.header.batchID) of \(report.partner) is known; processing it answers again"
          : "\(report.file): batch \(report.header.batchID) of \(report.partner) would be processed: "
            + "\(report.count) instructions, \(report.refusedCount) of them would fail; "
            + "\(sum.isEmpty ? "nothing" : sum) to pay")
    }
  }
}
