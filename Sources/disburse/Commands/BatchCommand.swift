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
    @Option(help: ArgumentHelp("Of this programme only.", valueName: "id"))
    var program: String?
    @Option(help: ArgumentHelp("admitting, admitted, rejected, partial or completed.", valueName: "state"))
    var status: String?
    @Flag(help: "Only those that are held: for their release, by their failures, or by an operator.")
    var held = false
    @Option(help: ArgumentHelp("credit or voucher.", valueName: "kind"))
    var kind: String?
    @Option(help: ArgumentHelp("From a file of this name only.", valueName: "name"))
    var file: String?
    @OptionGroup var payee: PayeeOptions
    @OptionGroup(title: "When it was admitted or rejected") var time: TimeOptions
    @OptionGroup var paging: PagingOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      _ = try state()
      _ = try batchKind()
      _ = try paging.batch()
    }

    func run() async throws {
      var query = BatchQuery()
      query.partner = partner
      query.programID = program
      query.state = try state()
      query.isHeld = held
      query.kind = try batchKind()
      query.file = file
      query.payeeID = payee.payeeID
      query.payeeFunctionalID = payee.beneficiary
      query.from = time.start
      query.to = time.end
      query.limit = paging.limit
      query.before = try paging.batch()
      let station = try await home.station()
      let page = try await station.batches(query)
      let next = page.next.map(PagingOptions.token)
      switch format.format {
      case .json:
        let batches = page.batches.map { $0.json(result: station.resultPath(of: $0)) }
        Output.print(.object(compacting: [("batches", .array(batches)), ("next", .optional(next))]))
      case .table:
        var table = Table("#NUMBER", "BATCH", "PARTNER", "PROGRAM", "KIND", "STATUS", "HELD", "DECIDED")
        for batch in page.batches {
          table.add(
            "\(batch.number.rawValue)", batch.header.batchID, batch.partner, batch.header.programID ?? "",
            batch.header.kind.name, batch.status, batch.life.hold?.name ?? "", batch.decidedAt?.rfc3339 ?? "")
        }
        table.print()
        PagingOptions.tell(next)
      }
    }

    private func state() throws -> BatchLifecycle.State? {
      guard let status else { return nil }
      guard let state = BatchLifecycle.State.allCases.first(where: { $0.name == status.lowercased() }) else {
        throw ValidationError("\(status) is no status of a batch.")
      }
      return state
    }

    private func batchKind() throws -> BatchKind? {
      guard let kind else { return nil }
      guard let batchKind = BatchKind.allCases.first(where: { $0.name == kind.lowercased() }) else {
        throw ValidationError("\(kind) is no kind of a batch.")
      }
      return batchKind
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
    @Option(help: ArgumentHelp("Only when the batch is of this programme.", valueName: "id"))
    var program: String?
    @OptionGroup var filter: PaymentOptions
    @OptionGroup(title: "When a payment ended, or else its batch was admitted") var time: TimeOptions
    @OptionGroup var paging: PagingOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      _ = try filter.states()
      _ = try paging.place(in: BatchNumber(rawValue: 0), order: .batchOrder)
    }

    func run() async throws {
      let station = try await home.station()
      let (record, summary) = try await station.batch(batchID, partner: partner)
      var query = LineQuery(batch: record.number)
      query.programID = program
      try filter.apply(to: &query)
      query.from = time.start
      query.to = time.end
      query.limit = paging.limit
      query.after = try paging.place(in: record.number, order: .batchOrder)
      let page = try await station.payments(query)
      switch format.format {
      case .json:
        let lines = page.lines.map { $0.json(isRevealed: filter.reveal) }
        Output.print(
          record.json(result: station.resultPath(of: record), summary, lines: lines, next: page.next?.token))
      case .table:
        var table = Table("#POSITION", "INSTRUCTION", "PAYEE", "#AMOUNT", "CURRENCY", "STATE", "REASON")
        for line in page.lines {
          table.add(
            "\(line.instruction.position)", line.instruction.instructionID, line.payee(isRevealed: filter.reveal),
            line.amount, line.currency, line.state.name, line.reasonText)
        }
        table.print()
        PagingOptions.tell(page.next?.token)
      }
    }
  }
}
