import ArgumentParser
import Batch
import Station

struct VoucherCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voucher", abstract: "Voucher groups.",
    discussion: """
      EXAMPLE
        disburse voucher group add SCHOOL --expires-after 90d
        disburse voucher group list
      """,
    subcommands: [Group.self])

  struct Group: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The groups that vouchers are issued in.",
      discussion: """
        EXAMPLE
          disburse voucher group add SCHOOL --expires-after 90d
          disburse voucher group list
        """,
      subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Adds a voucher group.",
        discussion: """
          EXAMPLE
            disburse voucher group add SCHOOL --expires-after 90d \\
              --description "School kits"
          """)

      @Argument(help: "The group's code, 1 to 20 characters, which voucher instructions name as groupCode.")
      var code: String
      @Option(help: ArgumentHelp("How long a voucher is worth something after it is activated.", valueName: "90d"))
      var expiresAfter = "90d"
      @Option(help: "What the group is for.")
      var description: String?
      @Option(help: ArgumentHelp("The most vouchers that the group may issue; else there is no limit.", valueName: "n"))
      var capacity: Int?
      @OptionGroup var home: HomeOptions
      @OptionGroup var format: FormatOptions

      func validate() throws {
        guard Days(expiresAfter) != nil else {
          throw ValidationError("--expires-after is a number of days such as 90d.")
        }
        guard capacity ?? 1 > 0 else { throw ValidationError("--capacity is above zero.") }
      }

      func run() async throws {
        guard let days = Days(expiresAfter) else { return }
        let station = try await home.station()
        try await station.addVoucherGroup(
          code, expiresAfterDays: days.count, description: description, capacity: capacity)
        VoucherCommand.show(try await station.voucherGroups(), format.format)
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Lists the voucher groups.",
        discussion: """
          EXAMPLE
            disburse voucher group list
          """)

      @OptionGroup var home: HomeOptions
      @OptionGroup var format: FormatOptions

      func run() async throws {
        VoucherCommand.show(try await home.station().voucherGroups(), format.format)
      }
    }
  }

  /// A number of days as people write it: "90d".
  struct Days {
    let count: Int

    init?(_ text: String) {
      guard text.hasSuffix("d"), let count = Int(text.dropLast()), (1...36_500).contains(count) else { return nil }
      self.count = count
    }
  }

  static func show(_ groups: [VoucherGroupEntry], _ format: OutputFormat) {
    switch format {
    case .json:
      let rows = groups.map { group -> JSONValue in
        .object(compacting: [
          ("code", .string(group.code)), ("expiresAfterDays", .integer(Int64(group.expiresAfterDays))),
          ("description", .optional(group.description)), ("capacity", group.capacity.map { .integer(Int64($0)) }),
        ])
      }
      Output.print(.object([("groups", .array(rows))]))
    case .table:
      var table = Table("GROUP", "#EXPIRES AFTER", "#CAPACITY", "DESCRIPTION")
      for group in groups {
        table.add(
          group.code, "\(group.expiresAfterDays)d", group.capacity.map(String.init) ?? "none", group.description ?? "")
      }
      table.print()
    }
  }
}
