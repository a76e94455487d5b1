import ArgumentParser
import Batch
import Journal
import Partners
import Station

struct PaymentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payments", abstract: "Finds instructions of all batches, newest first.",
    discussion: """
      Every condition that is given must hold. A payment's time is its end; of one that has not ended, the admission of \
      its batch. Batches that were rejected paid nobody and are not told of here.

      EXAMPLE
        disburse payments --payee 250788123456 --status failed
        disburse payments --program VUP-DS --date 2026-11-22
        disburse payments --partner social-registry --reason payee-inactive
      """)

  @Option(help: "Of this partner only.")
  var partner: String?
  @Option(help: ArgumentHelp("Of this programme only.", valueName: "id"))
  var program: String?
  @Option(help: ArgumentHelp("Of batches under this ID only.", valueName: "id"))
  var batch: String?
  @OptionGroup var filter: PaymentOptions
  @OptionGroup(title: "When it ended, or else its batch was admitted") var time: TimeOptions
  @OptionGroup var paging: PagingOptions
  @OptionGroup var home: HomeOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    _ = try filter.states()
    _ = try paging.place(order: .newestFirst)
  }

  func run() async throws {
    var query = LineQuery()
    query.partner = partner
    query.programID = program
    query.batchID = batch
    try filter.apply(to: &query)
    query.from = time.start
    query.to = time.end
    query.order = .newestFirst
    query.limit = paging.limit
    query.after = try paging.place(order: .newestFirst)
    let page = try await home.station().payments(query)
    switch format.format {
    case .json:
      let payments = page.lines.map { $0.json(isRevealed: filter.reveal, of: page.batches[$0.batch]) }
      Output.print(
        .object(compacting: [("payments", .array(payments)), ("next", .optional(page.next?.token))]))
    case .table:
      var table = Table(
        "PARTNER", "BATCH", "#POSITION", "INSTRUCTION", "PAYEE", "#AMOUNT", "CURRENCY", "STATE", "ENDED", "REASON")
      for line in page.lines {
        let batch = page.batches[line.batch]
        table.add(
          batch?.partner ?? "", batch?.header.batchID ?? "", "\(line.instruction.position)",
          line.instruction.instructionID, line.payee(isRevealed: filter.reveal), line.amount, line.currency,
          line.state.name, line.endedAt?.rfc3339 ?? "", line.reasonText)
      }
      table.print()
      PagingOptions.tell(page.next?.token)
    }
  }
}
