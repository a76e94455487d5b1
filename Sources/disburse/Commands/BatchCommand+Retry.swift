import ArgumentParser
import Station

extension BatchCommand {
  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tries instructions again that a wallet rejected; a later revision of the result tells.",
      discussion: """
        Of an answered batch that has not ended. What is in doubt can only be resolved, and what was refused before it was
        sent would be refused again. Where the partner's batches need a release, the retry needs one too.

        EXAMPLE
          disburse batch retry VUP-2026-11-0001 --note "accounts opened"
          disburse batch retry VUP-2026-11-0001 --instruction I-17 --note "opened"
        """)

    @OptionGroup var batch: OrderedBatch
    @Option(
      help: ArgumentHelp("This one only; may be repeated. Without it, all that a wallet rejected.", valueName: "id"))
    var instruction: [String] = []
    @Option(help: "Why.")
    var note: String
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(.retry(instructions: instruction, note: note), on: batch, home.station(), format.format)
    }
  }

  struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Records that a payee was paid in another way; the result says so.",
      discussion: """
        Of a failed instruction, or one in doubt. The wallet is not asked and moves nothing.

        EXAMPLE
          disburse batch settle VUP-2026-11-0001 --instruction I-17 \\
            --note "paid in cash" --receipt 4711
        """)

    @OptionGroup var batch: OrderedBatch
    @Option(help: ArgumentHelp("The instruction.", valueName: "id"))
    var instruction: String
    @Option(help: "How it was paid; the partner reads it in the result.")
    var note: String
    @Option(help: ArgumentHelp("The number of the other payment's receipt.", valueName: "number"))
    var receipt: String?
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(
        .settle(instruction: instruction, note: note, receipt: receipt), on: batch, home.station(), format.format)
    }
  }
}
