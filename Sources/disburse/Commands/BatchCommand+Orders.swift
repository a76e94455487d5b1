import ArgumentParser
import Station

extension BatchCommand {
  struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stops a batch: nothing more of it is sent until it is resumed.",
      discussion: """
        It works beside a running daemon. What is on its way to the wallet is followed to its end.

        EXAMPLE
          disburse batch hold VUP-2026-11-0001 --note "wrong list?"
        """)

    @OptionGroup var batch: OrderedBatch
    @Option(help: "Why, for whoever resumes it.")
    var note: String
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(.hold(note: note), on: batch, home.station(), format.format)
    }
  }

  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Releases a batch, or a retry, that waits for its release.",
      discussion: """
        Whoever signed the batch, handed it in, or ordered the retry can't release it.

        EXAMPLE
          disburse batch approve VUP-2026-11-0001
          disburse batch approve VUP-2026-11-0001 --operator alice --key alice.key
        """)

    @OptionGroup var batch: OrderedBatch
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(.approve, on: batch, home.station(), format.format)
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a batch go on that was stopped by its failures or by an operator.",
      discussion: """
        Failures that were counted until now are not counted again.

        EXAMPLE
          disburse batch resume VUP-2026-11-0001 --note "the operator is back"
        """)

    @OptionGroup var batch: OrderedBatch
    @Option(help: "What was found, for the audit trail.")
    var note: String
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(.resume(note: note), on: batch, home.station(), format.format)
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends the sending: the rest is answered as failed, with the reason cancelled.",
      discussion: """
        What is on its way to the wallet is followed to its end. The note is told to the partner.

        EXAMPLE
          disburse batch cancel VUP-2026-11-0001 --note "sent twice"
        """)

    @OptionGroup var batch: OrderedBatch
    @Option(help: "Why; the partner reads it in the result.")
    var note: String
    @OptionGroup var by: OperatorOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try await by.run(.cancel(note: note), on: batch, home.station(), format.format)
    }
  }
}
