import ArgumentParser
import Batch
import Journal
import Partners
import Station

struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "What became of batches and their instructions, and what is to be done with them.",
    discussion: """
      EXAMPLE
        disburse batch list --limit 20
        disburse batch show VUP-2026-11-0001
        disburse batch detail VUP-2026-11-0001 --status failed
      """,
    subcommands: [
      List.self, Show.self, Detail.self, Hold.self, Approve.self, Resume.self, Cancel.self, Retry.self, Settle.self,
    ])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists batches, newest first.",
      discussion: """
        EXAMPLE
          disburse batch list --partner social-registry --limit 20
        """)

    @Option(help: "Of this partner only.")
    var partner: String?
    @Option(help: "Of this programme only.")
    var program: String?
    @Option(help: ArgumentHelp("admitting, admitted, rejected, partial or completed.", valueName: "state"))
    var status: String?
    @Flag(help: "Only those that are held: for their release, by their failures, or by an operator.")
    var held = false
    @Option(help: ArgumentHelp("Decided at this instant or later.", valueName: "2026-11-22T00:00:00Z"))
    var from: Instant?
    @Option(help: ArgumentHelp("Decided before this instant.", valueName: "2026-11-23T00:00:00Z"))
    var to: Instant?
    @Option(help: "At most so many.")
    var limit = 50
    @Option(help: ArgumentHelp("The next page: older than this number.", valueName: "number"))
    var before: Int64?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000.") }
      _ = try state()
    }

    func run() async throws {
      var query = BatchQuery()
      query.partner = partner
      query.programID = program
      query.state = try state()
      query.from = from?.timestamp
      query.to = to?.timestamp
      query.isHeld = held
      query.limit = limit
      query.before = before.map(BatchNumber.init)
      let station = try await home.station()
      let batches = try await station.batches(query)
      switch format.format {
      case .json:
        Output.print(.object([("batches", .array(batches.map { $0.json(result: station.resultPath(of: $0)) }))]))
      case .table:
        var table = Table("#NUMBER", "BATCH", "PARTNER", "KIND", "STATUS", "HELD", "DECIDED")
        for batch in batches {
          table.add(
            "\(batch.number.rawValue)", batch.header.batchID, batch.partner, batch.header.kind.name,
            batch.status, batch.life.hold?.name ?? "", batch.decidedAt?.rfc3339 ?? "")
        }
        table.print()
      }
    }

    private func state() throws -> BatchLifecycle.State? {
      guard let status else { return nil }
      guard let state = BatchLifecycle.State.allCases.first(where: { $0.name == status.lowercased() }) else {
        throw ValidationError("\(status) is no status of a batch.")
      }
      return state
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a batch with its counts and sums.",
      discussion: """
        EXAMPLE
          disburse batch show VUP-2026-11-0001 --format json
        """)

    @Argument(help: "The partner's ID of the batch.")
    var batchID: String
    @Option(help: "The partner, when several use the same ID.")
    var partner: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let station = try await home.station()
      let (record, summary) = try await station.batch(batchID, partner: partner)
      let approvals = try await station.approvals(of: record)
      switch format.format {
      case .json:
        Output.print(record.json(result: station.resultPath(of: record), summary, lines: nil, approvals: approvals))
      case .table:
        Output.print("batch \(record.header.batchID) of \(record.partner): \(record.status)")
        SummaryTable.show(summary)
        for line in record.standing(approvals) { Output.print(line) }
        if let path = station.resultPath(of: record), let revision = record.publication?.revision {
          Output.print("result: \(path), revision \(revision)")
        }
        if let rejection = record.rejection { RejectionReport.explain(rejection, of: record.file, detail: nil) }
      }
    }
  }

  struct Detail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists a batch's instructions with their states, a page at a time.",
      discussion: """
        EXAMPLE
          disburse batch detail VUP-2026-11-0001 --status failed
        """)

    @Argument(help: "The partner's ID of the batch.")
    var batchID: String
    @Option(help: "The partner, when several use the same ID.")
    var partner: String?
    @Option(help: ArgumentHelp("successful, failed or pending; or a state such as in-doubt.", valueName: "status"))
    var status: String?
    @Option(help: ArgumentHelp("To this payee only: its identifier.", valueName: "id"))
    var payee: String?
    @Option(help: ArgumentHelp("Only when the batch is of this programme.", valueName: "id"))
    var program: String?
    @Option(help: ArgumentHelp("Ended at this instant or later.", valueName: "2026-11-22T00:00:00Z"))
    var from: Instant?
    @Option(help: ArgumentHelp("Ended before this instant.", valueName: "2026-11-23T00:00:00Z"))
    var to: Instant?
    @Option(help: "At most so many.")
    var limit = 50
    @Option(help: ArgumentHelp("The next page: after this position.", valueName: "position"))
    var after: Int?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000.") }
      _ = try states()
    }

    func run() async throws {
      let station = try await home.station()
      let (record, summary) = try await station.batch(batchID, partner: partner)
      var query = LineQuery(batch: record.number)
      query.states = try states()
      // The journal keeps a number in international digits alone, as the documents are read.
      query.payeeID = payee.map { $0.hasPrefix("+") ? String($0.dropFirst()) : $0 }
      query.from = from?.timestamp
      query.to = to?.timestamp
      query.limit = limit
      query.after = after
      let isMeant = program == nil || program == record.header.programID
      let lines = isMeant ? try await station.lines(query) : []
      switch format.format {
      case .json: Output.print(record.json(result: station.resultPath(of: record), summary, lines: lines))
      case .table:
        var table = Table("#POSITION", "INSTRUCTION", "#AMOUNT", "CURRENCY", "STATE", "REASON")
        for line in lines {
          let instruction = line.instruction
          table.add(
            "\(instruction.position)", instruction.instructionID,
            instruction.amount?.decimal ?? instruction.stated?.amount ?? "",
            instruction.amount?.currency.code ?? instruction.stated?.currency ?? "", line.state.name,
            line.reason.map { "\($0.code.rawValue): \($0.message)" } ?? "")
        }
        table.print()
      }
    }

    private func states() throws -> Set<InstructionLifecycle.State> {
      guard let status else { return [] }
      switch status.lowercased() {
      case "successful": return [.settled]
      case "failed": return [.rejected]
      case "pending": return [.admitted, .claimed, .sent, .inDoubt]
      default:
        guard let state = InstructionLifecycle.State.allCases.first(where: { $0.name == status.lowercased() }) else {
          throw ValidationError("\(status) is no status of an instruction.")
        }
        return [state]
      }
    }
  }
}

/// An instant on the command line, RFC 3339.
struct Instant: ExpressibleByArgument {
  let timestamp: Timestamp

  init?(argument: String) {
    guard let timestamp = Timestamp(rfc3339: argument) else { return nil }
    self.timestamp = timestamp
  }
}
