import ArgumentParser
import Batch
import Station

struct WalletCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wallet", abstract: "The embedded ledger: funding accounts and payees' accounts.",
    discussion: """
      EXAMPLE
        disburse wallet fund social-registry 5000000 RWF
        disburse wallet balance social-registry
      """,
    subcommands: [Fund.self, Balance.self, Account.self])

  struct Fund: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts money into a partner's funding account.",
      discussion: """
        EXAMPLE
          disburse wallet fund social-registry 5000000 RWF
          disburse wallet fund social-registry 5000000 RWF \\
            --reference BNR-2026-11-0042
        """)

    @Argument(help: "The partner's name.")
    var partner: String
    @Argument(help: "The amount in major units, such as 5000000 or 120.50.")
    var amount: String
    @Argument(help: "The currency, ISO 4217.")
    var currency: String
    @Option(
      help: ArgumentHelp(
        "What names this funding, as a bank's line does: told again, it moves nothing.", valueName: "text"))
    var reference: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let balance = try await home.station()
        .fund(partner: partner, amount: amount, currency: currency, reference: reference)
      WalletCommand.show([balance], format.format)
    }
  }

  struct Balance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows what a partner has left.",
      discussion: """
        EXAMPLE
          disburse wallet balance social-registry --format json
        """)

    @Argument(help: "The partner's name.")
    var partner: String
    @Argument(help: "The currency, ISO 4217; else each that the partner has.")
    var currency: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      WalletCommand.show(try await home.station().balances(partner: partner, currency: currency), format.format)
    }
  }

  struct Account: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Payees' accounts.",
      discussion: """
        EXAMPLE
          disburse wallet account open MSISDN 250788123456 --currency RWF
          disburse wallet account show MSISDN 250788123456
        """,
      subcommands: [Open.self, Show.self, Set.self])

    /// What `open` and `set` take.
    struct TermOptions: ParsableArguments {
      @Argument(help: "MSISDN, WALLET, ACCOUNT, IBAN, EMAIL or ALIAS.")
      var type: String
      @Argument(help: "The payee's identifier.")
      var id: String
      @Option(help: "active or inactive.")
      var state: State?
      @Option(help: ArgumentHelp("The most that the account may hold.", valueName: "50000RWF"))
      var maxBalance: String?
      @Option(help: "The currency, ISO 4217; else each that the ledger holds.")
      var currency: String?

      enum State: String, ExpressibleByArgument, CaseIterable {
        case active
        case inactive
      }

      var terms: WalletAccountTerms {
        var terms = WalletAccountTerms()
        terms.currency = currency
        terms.isActive = state.map { $0 == .active }
        terms.maximumBalance = maxBalance
        return terms
      }
    }

    struct Open: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Opens an account of a payee.",
        discussion: """
          EXAMPLE
            disburse wallet account open MSISDN 250788123456 \\
              --state inactive --currency RWF
          """)

      @OptionGroup var options: TermOptions
      @OptionGroup var home: HomeOptions
      @OptionGroup var format: FormatOptions

      func run() async throws {
        let station = try await home.station()
        try await station.openWalletAccount(type: options.type, id: options.id, options.terms)
        WalletCommand.show(try await station.walletAccounts(type: options.type, id: options.id), format.format)
      }
    }

    struct Set: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Changes the state or the limit of a payee's account.",
        discussion: """
          EXAMPLE
            disburse wallet account set MSISDN 250788123456 --state active
          """)

      @OptionGroup var options: TermOptions
      @OptionGroup var home: HomeOptions
      @OptionGroup var format: FormatOptions

      func run() async throws {
        let station = try await home.station()
        try await station.setWalletAccount(type: options.type, id: options.id, options.terms)
        WalletCommand.show(try await station.walletAccounts(type: options.type, id: options.id), format.format)
      }
    }

    struct Show: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Shows a payee's accounts.",
        discussion: """
          EXAMPLE
            disburse wallet account show MSISDN 250788123456
          """)

      @Argument(help: "MSISDN, WALLET, ACCOUNT, IBAN, EMAIL or ALIAS.")
      var type: String
      @Argument(help: "The payee's identifier.")
      var id: String
      @OptionGroup var home: HomeOptions
      @OptionGroup var format: FormatOptions

      func run() async throws {
        WalletCommand.show(try await home.station().walletAccounts(type: type, id: id), format.format)
      }
    }
  }

  static func show(_ balances: [Money], _ format: OutputFormat) {
    switch format {
    case .json:
      Output.print(
        .object([
          (
            "balances",
            .array(
              balances.map { .object([("currency", .string($0.currency.code)), ("amount", .string($0.decimal))]) })
          )
        ]))
    case .table:
      var table = Table("CURRENCY", "#AMOUNT")
      for balance in balances { table.add(balance.currency.code, balance.decimal) }
      table.print()
    }
  }

  static func show(_ accounts: [WalletAccount], _ format: OutputFormat) {
    switch format {
    case .json:
      let rows = accounts.map { account -> JSONValue in
        .object(
          [
            ("currency", .string(account.balance.currency.code)), ("amount", .string(account.balance.decimal)),
            ("state", .string(account.isActive ? "active" : "inactive")),
          ] + (account.maximumBalance.map { [("maxBalance", .string($0.decimal))] } ?? []))
      }
      Output.print(.object([("balances", .array(rows))]))
    case .table:
      var table = Table("CURRENCY", "#AMOUNT", "STATE", "#LIMIT")
      for account in accounts {
        table.add(
          account.balance.currency.code, account.balance.decimal, account.isActive ? "active" : "inactive",
          account.maximumBalance?.decimal ?? "none")
      }
      table.print()
    }
  }
}
