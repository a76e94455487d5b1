import ArgumentParser
import Batch
import Cryptography
import Partners
import Station

struct OperatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operator", abstract: "Who may release, stop and end batches.",
    discussion: """
      An operator is known by the system user, or by a certificate, as operators.authentication of disburse.yaml says.

      EXAMPLE
        disburse operator add alice --user alice --cert alice.crt
        disburse operator list
      """,
    subcommands: [Add.self, List.self, Show.self, Update.self, Remove.self])

  /// What `add` and `update` take.
  struct TermOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The certificate (PEM) that signs their orders.", valueName: "file"))
    var cert: String?
    @Option(help: ArgumentHelp("Their login name on this machine.", valueName: "name"))
    var user: String?

    var terms: OperatorTerms {
      var terms = OperatorTerms()
      terms.certificate = cert
      terms.user = user
      return terms
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers an operator by a system user, a certificate, or both.",
      discussion: """
        EXAMPLE
          disburse operator add alice --user alice --cert alice.crt
        """)

    @Argument(help: "The name that the audit trail has.")
    var name: String
    @OptionGroup var options: TermOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      OperatorCommand.show(try await home.station().addOperator(name, options.terms), format.format)
    }
  }

  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Changes what is named and leaves the rest; \"\" takes it away.",
      discussion: """
        EXAMPLE
          disburse operator update alice --cert alice-2027.crt
        """)

    @Argument(help: "The operator's name.")
    var name: String
    @OptionGroup var options: TermOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      OperatorCommand.show(try await home.station().updateOperator(name, options.terms), format.format)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows an operator.",
      discussion: """
        EXAMPLE
          disburse operator show alice
        """)

    @Argument(help: "The operator's name.")
    var name: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      OperatorCommand.show(try await home.station().operators.operator(named: name), format.format)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the operators.",
      discussion: """
        EXAMPLE
          disburse operator list
        """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let operators = try await home.station().operators.all()
      switch format.format {
      case .json: Output.print(.object([("operators", .array(operators.map(\.json)))]))
      case .table:
        var table = Table("OPERATOR", "USER", "CERTIFICATE")
        for found in operators { table.add(found.name, found.user ?? "", found.certificate?.subject ?? "") }
        table.print()
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes an operator off the register; what they approved stays approved.",
      discussion: """
        EXAMPLE
          disburse operator remove alice
        """)

    @Argument(help: "The operator's name.")
    var name: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await home.station().removeOperator(name)
      switch format.format {
      case .json: Output.print(.object([("removed", .string(name))]))
      case .table: Output.complain("\(name) is no operator any more")
      }
    }
  }

  static func show(_ shown: Operator, _ format: OutputFormat) {
    switch format {
    case .json: Output.print(shown.json)
    case .table:
      var table = Table("OPERATOR", shown.name)
      table.add("system user", shown.user ?? "none")
      if let certificate = shown.certificate {
        table.add("signs", "\(certificate.subject), \(certificate.keyDescription), \(certificate.validity)")
        table.add("fingerprint", certificate.fingerprint)
      }
      table.print()
    }
  }
}

extension Operator {
  /// The operator as `--format json` shows it.
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("user", user.map(JSONValue.string) ?? .null),
      ("certificate", certificate.map(\.json) ?? .null),
    ])
  }
}
