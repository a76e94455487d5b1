import ArgumentParser
import Batch
import Beneficiaries
import Station

struct BeneficiaryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "beneficiary", abstract: "The account mapper: which account a functional ID stands for.",
    discussion: """
      EXAMPLE
        disburse beneficiary add RW-1199880012345678 \\
          --modality 01 --provider MTN --address 250788123456
        disburse beneficiary import beneficiaries.csv
      """,
    subcommands: [Add.self, Update.self, Show.self, List.self, Import.self])

  /// What `add` and `update` take besides the modality.
  struct TermOptions: ParsableArguments {
    @Argument(help: "The functional ID, at most 20 characters.")
    var id: String
    @Option(
      help: ArgumentHelp("The code of the provider that holds the account; none takes it away.", valueName: "code"))
    var provider: String?
    @Option(
      help: ArgumentHelp(
        "The account: a telephone number, an IBAN or account number, a wallet's or a proxy's identifier.",
        valueName: "account"))
    var address: String?
    @Option(help: "active or inactive; a payment to an inactive one fails.")
    var state: State?

    enum State: String, ExpressibleByArgument, CaseIterable {
      case active
      case inactive
    }

    func terms(modality: String?) -> BeneficiaryTerms {
      var terms = BeneficiaryTerms()
      terms.modality = modality
      terms.provider = provider
      terms.address = address
      terms.state = state.map { $0 == .active ? .active : .inactive }
      return terms
    }
  }

  static let modalityHelp = "00 bank, 01 mobile money, 02 voucher, 03 wallet or 04 proxy."

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Maps a functional ID to an account.",
      discussion: """
        EXAMPLE
          disburse beneficiary add RW-1199880012345678 \\
            --modality 01 --provider MTN --address 250788123456
        """)

    @OptionGroup var options: TermOptions
    @Option(help: ArgumentHelp(stringLiteral: modalityHelp))
    var modality: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let beneficiary = try await home.station().addBeneficiary(options.id, options.terms(modality: modality))
      BeneficiaryReport.show(beneficiary, format.format)
    }
  }

  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Changes what is named of a beneficiary and leaves the rest.",
      discussion: """
        EXAMPLE
          disburse beneficiary update RW-1199880012345678 --address 250788123457
          disburse beneficiary update RW-1199880012345678 --state inactive
        """)

    @OptionGroup var options: TermOptions
    @Option(help: ArgumentHelp(stringLiteral: modalityHelp))
    var modality: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let beneficiary = try await home.station().updateBeneficiary(options.id, options.terms(modality: modality))
      BeneficiaryReport.show(beneficiary, format.format)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows which account a functional ID stands for.",
      discussion: """
        EXAMPLE
          disburse beneficiary show RW-1199880012345678
        """)

    @Argument(help: "The functional ID.")
    var id: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      BeneficiaryReport.show(try await home.station().beneficiary(id), format.format)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists beneficiaries in the order of their IDs, a page at a time.",
      discussion: """
        EXAMPLE
          disburse beneficiary list --modality 01 --provider MTN --limit 100
        """)

    @Option(help: ArgumentHelp(stringLiteral: modalityHelp))
    var modality: String?
    @Option(help: ArgumentHelp("Of this provider only.", valueName: "code"))
    var provider: String?
    @Option(help: ArgumentHelp("The next page: after this ID.", valueName: "id"))
    var after: String?
    @Option(help: "At most so many.")
    var limit = 50
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000.") }
    }

    func run() async throws {
      let page = try await home.station()
        .beneficiaries(modality: modality, provider: provider, after: after, limit: limit)
      BeneficiaryReport.show(page, format.format)
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes over a file of beneficiaries, if nothing in it is wrong.",
      discussion: """
        EXAMPLE
          disburse beneficiary import beneficiaries.csv
          disburse beneficiary import - --format-of-file json < beneficiaries.json
        """)

    @Argument(help: "A JSON or CSV file; - is standard input, when that is a file.")
    var file: String
    @Option(help: "json or csv; else what the file's extension says.")
    var formatOfFile: FileFormat?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    enum FileFormat: String, ExpressibleByArgument, CaseIterable {
      case json
      case csv
    }

    func run() async throws {
      let station = try await home.station()
      do {
        let report = try await station.importBeneficiaries(file, formatOfFile.map { $0 == .json ? .json : .csv })
        BeneficiaryReport.show(report, format.format)
      } catch BeneficiariesError.rejected(let rejection) {
        BeneficiaryReport.tell(rejection, format.format)
        throw ExitStatus.data.exitCode
      }
    }
  }
}
