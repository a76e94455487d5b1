import ArgumentParser
import Batch
import Cryptography
import Partners
import Station

struct PartnerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partner", abstract: "Who may send batches, and what they may do.",
    discussion: """
      EXAMPLE
        disburse partner add social-registry \\
          --signing-cert maker.crt --encryption-cert partner.crt
        disburse partner show social-registry
      """,
    subcommands: [Add.self, List.self, Show.self, Update.self, Remove.self])

  /// What `add` and `update` take.
  struct TermOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp("A certificate (PEM) that signs for the partner; once for each signer.", valueName: "file"))
    var signingCert: [String] = []
    @Option(help: ArgumentHelp("The certificate (PEM) that results are encrypted to.", valueName: "file"))
    var encryptionCert: [String] = []
    @Option(help: ArgumentHelp("How many different signers must have signed.", valueName: "n"))
    var requireSignatures: Int?
    @Flag(inversion: .prefixedNo, help: "Whether a batch must state control.count and control.total.")
    var requireControl: Bool?
    @Option(help: ArgumentHelp("The programmes it may use, with commas; \"\" for any.", valueName: "a,b"))
    var programs: String?
    @Option(help: ArgumentHelp("The currencies it may use, with commas; \"\" for any.", valueName: "RWF,KES"))
    var currencies: String?
    @Option(help: ArgumentHelp("The kinds of batch it may send; \"\" for any.", valueName: "credit,voucher"))
    var kinds: String?
    @Option(
      help: ArgumentHelp(
        "The most that one instruction may move; once for each currency, or none.", valueName: "50000RWF"))
    var maxInstruction: [String] = []
    @Option(
      help: ArgumentHelp(
        "The most that one batch may move; once for each currency, or none.", valueName: "900000000RWF"))
    var maxBatch: [String] = []
    @Option(
      help: ArgumentHelp(
        "The most that its batches of a UTC day may move; once for each currency, or none.", valueName: "5000000RWF"))
    var maxDay: [String] = []
    @Flag(inversion: .prefixedNo, help: "Whether its batches wait for disburse batch approve.")
    var requireRelease: Bool?
    @Option(help: ArgumentHelp("The share of failures that holds the rest of a batch, or none.", valueName: "20%"))
    var stopAtFailureRate: String?
    @Option(help: ArgumentHelp("How many must be answered before the share counts; else 100.", valueName: "n"))
    var stopAfterAtLeast: Int?
    @Option(help: ArgumentHelp("continue or reject-batch.", valueName: "rule"))
    var onInvalidInstruction: String?
    @Option(help: ArgumentHelp("reject-batch or reject-instruction.", valueName: "rule"))
    var onDuplicate: String?
    @Option(help: ArgumentHelp("A program that is told of its batches, or none.", valueName: "path"))
    var noticeCommand: String?
    @Option(help: ArgumentHelp("A directory that gets a message on its batches, or none.", valueName: "dir"))
    var noticeDirectory: String?

    var terms: PartnerTerms {
      var terms = PartnerTerms()
      terms.signingCertificates = signingCert
      terms.encryptionCertificates = encryptionCert
      terms.requiredSignatures = requireSignatures
      terms.requiresControl = requireControl
      terms.programs = programs.map(Self.list)
      terms.currencies = currencies.map(Self.list)
      terms.kinds = kinds.map(Self.list)
      terms.maximumInstruction = maxInstruction
      terms.maximumBatch = maxBatch
      terms.maximumDay = maxDay
      terms.requiresRelease = requireRelease
      terms.stopAtFailureRate = stopAtFailureRate
      terms.stopAfterAtLeast = stopAfterAtLeast
      terms.onInvalidInstruction = onInvalidInstruction
      terms.onDuplicate = onDuplicate
      terms.noticeCommand = noticeCommand
      terms.noticeDirectory = noticeDirectory
      return terms
    }

    private static func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers a partner with its certificates.",
      discussion: """
        EXAMPLE
          disburse partner add social-registry \\
            --signing-cert maker.crt --signing-cert checker.crt \\
            --encryption-cert partner.crt --require-signatures 2 \\
            --max-instruction 50000RWF
        """)

    @Argument(help: "The name that the partner's documents carry as sourceBBID.")
    var name: String
    @OptionGroup var options: TermOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard !options.signingCert.isEmpty, !options.encryptionCert.isEmpty else {
        throw ValidationError("A partner needs --signing-cert and --encryption-cert.")
      }
    }

    func run() async throws {
      let partner = try await home.station().addPartner(name, options.terms)
      PartnerCommand.show(partner, format.format)
    }
  }

  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Changes what is named and leaves the rest.",
      discussion: """
        Certificates of --signing-cert and --encryption-cert replace the old ones; those of --add-signing-cert and \
        --add-encryption-cert count beside them, while the partner changes over.

        EXAMPLE
          disburse partner update social-registry --max-batch 900000000RWF
          disburse partner update social-registry --add-signing-cert maker-2.crt
          disburse partner update social-registry --remove-cert 9f86d081884c7d65
        """)

    @Argument(help: "The partner's name.")
    var name: String
    @OptionGroup var options: TermOptions
    @Option(help: ArgumentHelp("A certificate (PEM) that signs beside those that do.", valueName: "file"))
    var addSigningCert: [String] = []
    @Option(
      help: ArgumentHelp("A certificate (PEM) that results are encrypted to beside the others.", valueName: "file"))
    var addEncryptionCert: [String] = []
    @Option(
      help: ArgumentHelp(
        "The SHA-256 fingerprint of a certificate that goes, or its first 8 digits or more.", valueName: "fingerprint"))
    var removeCert: [String] = []
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      var terms = options.terms
      terms.addedSigningCertificates = addSigningCert
      terms.addedEncryptionCertificates = addEncryptionCert
      terms.removedCertificates = removeCert
      PartnerCommand.show(try await home.station().updatePartner(name, terms), format.format)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a partner's certificates and rules.",
      discussion: """
        EXAMPLE
          disburse partner show social-registry
        """)

    @Argument(help: "The partner's name.")
    var name: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      PartnerCommand.show(try await home.station().partners.partner(named: name), format.format)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the partners.",
      discussion: """
        EXAMPLE
          disburse partner list
        """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let partners = try await home.station().partners.all()
      switch format.format {
      case .json: Output.print(.object([("partners", .array(partners.map(\.json)))]))
      case .table:
        var table = Table("PARTNER", "#SIGNERS", "#REQUIRED", "PROGRAMMES", "CURRENCIES", "KINDS")
        for partner in partners {
          let policy = partner.policy
          table.add(
            partner.name, "\(partner.signingCertificates.count)", "\(policy.requiredSignatures)",
            policy.programs?.sorted().joined(separator: ",") ?? "any",
            policy.currencies?.sorted().map(\.code).joined(separator: ",") ?? "any",
            policy.kinds?.map(\.name).sorted().joined(separator: ",") ?? "any")
        }
        table.print()
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes a partner off the register; its batches stay in the journal.",
      discussion: """
        EXAMPLE
          disburse partner remove social-registry
        """)

    @Argument(help: "The partner's name.")
    var name: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let unfinished = try await home.station().removePartner(name)
      switch format.format {
      case .json:
        Output.print(.object([("removed", .string(name)), ("unfinishedBatches", .integer(Int64(unfinished)))]))
      case .table: Output.complain("\(name) is no partner any more")
      }
      if unfinished > 0 {
        Output.complain(
          "warning: batches of it that are not finished: \(unfinished). They are worked on and answered only when it is "
            + "registered again; see disburse batch list --partner \(name)")
      }
    }
  }

  static func show(_ partner: Partner, _ format: OutputFormat) {
    switch format {
    case .json: Output.print(partner.json)
    case .table:
      let policy = partner.policy
      var table = Table("PARTNER", partner.name)
      for certificate in partner.signingCertificates {
        table.add("signs", certificate.line)
      }
      for certificate in partner.encryptionCertificates {
        table.add("results to", certificate.line)
      }
      table.add("signatures required", "\(policy.requiredSignatures)")
      table.add("control required", policy.requiresControl ? "yes" : "no")
      table.add("programmes", policy.programs?.sorted().joined(separator: ", ") ?? "any")
      table.add("currencies", policy.currencies?.sorted().map(\.code).joined(separator: ", ") ?? "any")
      table.add("kinds", policy.kinds?.map(\.name).sorted().joined(separator: ", ") ?? "any")
      table.add("limit for an instruction", partner.limits(policy.maximumInstruction))
      table.add("limit for a batch", partner.limits(policy.maximumBatch))
      table.add("limit for a day", partner.limits(policy.maximumDay))
      table.add("release required", policy.requiresRelease ? "yes" : "no")
      table.add(
        "stop at failures", policy.failureLimit.map { "\($0) of at least \($0.minimumAnswers)" } ?? "never")
      table.add("on an invalid instruction", policy.onInvalidInstruction.rawValue)
      table.add("on a duplicate", policy.onDuplicate.rawValue)
      table.add("notices to a program", policy.notices.command ?? "none")
      table.add("notices to a directory", policy.notices.directory ?? "none")
      table.print()
    }
  }
}
