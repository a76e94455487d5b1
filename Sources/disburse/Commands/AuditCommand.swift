import ArgumentParser
import Batch
import Journal
import Station

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "The record of every decision and change: verify it, show it.",
    discussion: """
      EXAMPLE
        disburse audit verify
        disburse audit show --batch VUP-2026-11-0001
      """,
    subcommands: [Verify.self, Show.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Finds any change, gap or truncation of the audit trail, and compares the home with it.",
      discussion: """
        It ends with 65 when anything is found that speaks against the trail. A partner's witness stands in every result: \
        disburse open shows it.

        EXAMPLE
          disburse audit verify
          disburse audit verify --result result.json
        """)

    @Option(
      help: ArgumentHelp("A head that a partner kept; repeat it for more.", valueName: "entry:hash"))
    var witness: [String] = []
    @Option(
      help: ArgumentHelp("A result whose witness counts, opened, or sealed with --cert and --key.", valueName: "file"))
    var result: [String] = []
    @Option(help: ArgumentHelp("The certificate (PEM) that a sealed result is encrypted to.", valueName: "file"))
    var cert: String?
    @Option(help: ArgumentHelp("Its private key (PEM).", valueName: "file"))
    var key: String?
    @Flag(help: "Take a trail that is whole but for its lost audit.head, and sign the head anew.")
    var accept = false
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together.") }
    }

    func run() async throws {
      var request = AuditVerification()
      request.witnesses = witness
      request.results = result
      if let cert, let key { request.pair = (cert, key) }
      request.acceptsHead = accept
      let report = try await home.station().verifyAudit(request)
      switch format.format {
      case .json: Output.print(report.json)
      case .table: report.show()
      }
      if report.findings.faultCount > 0 { throw ExitStatus.data.exitCode }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows entries of the audit trail, oldest first, a page at a time.",
      discussion: """
        EXAMPLE
          disburse audit show --last 20
          disburse audit show --batch VUP-2026-11-0001 --format json
          disburse audit show --actor alice --from 2026-11-22T00:00:00Z
        """)

    @Option(help: "About this batch only: the partner's ID of it.")
    var batch: String?
    @Option(help: "About this partner only.")
    var partner: String?
    @Option(help: ArgumentHelp("By this actor only: a name, or all of its words.", valueName: "name"))
    var actor: String?
    @Option(help: ArgumentHelp("Of this kind only, such as batch.approved.", valueName: "action"))
    var action: String?
    @Option(help: ArgumentHelp("Written at this instant or later.", valueName: "2026-11-22T00:00:00Z"))
    var from: Instant?
    @Option(help: ArgumentHelp("Written before this instant.", valueName: "2026-11-23T00:00:00Z"))
    var to: Instant?
    @Option(help: "At most so many.")
    var limit = 50
    @Option(help: ArgumentHelp("The next page: after this entry.", valueName: "number"))
    var after: Int64?
    @Option(help: ArgumentHelp("The last so many, in place of --limit and --after.", valueName: "count"))
    var last: Int?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard (1...10_000).contains(limit), (1...10_000).contains(last ?? 1) else {
        throw ValidationError("--limit and --last are 1 to 10000.")
      }
      guard last == nil || after == nil else { throw ValidationError("--last and --after exclude each other.") }
    }

    func run() async throws {
      var query = AuditQuery()
      query.batchID = batch
      query.partner = partner
      query.actor = actor
      query.action = action.map(AuditAction.init(rawValue:))
      query.from = from?.timestamp
      query.to = to?.timestamp
      query.after = after
      query.limit = last ?? limit
      query.isFromTheEnd = last != nil
      let entries = try await home.station().auditEntries(query)
      switch format.format {
      case .json: Output.print(.object([("entries", .array(entries.map(\.json)))]))
      case .table: AuditEntry.show(entries)
      }
    }
  }
}
