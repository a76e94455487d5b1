import ArgumentParser
import Batch
import Station

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Makes a home: configuration, keys, spool; says what to do next.",
    discussion: """
      EXAMPLE
        disburse init /var/lib/disburse --processor-id treasury-disburse
      """)

  @Argument(help: "The directory, empty or not there yet; else as --home.")
  var directory: String?

  @Option(help: "The name of this processor, which partners put into recipientID.")
  var processorID = "disburse"

  @Flag(help: "Take demo keys, whose private halves everyone has. For the demo only.")
  var allowDemoKeys = false

  @Option(
    help: ArgumentHelp(
      "The private keys are written under the passphrase in this file's first line; its mode is 0600.",
      valueName: "file"))
  var passphraseFile: String?

  @OptionGroup var home: HomeOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let home = try await Home.create(
      at: directory ?? home.path, processorID: processorID, allowsDemoKeys: allowDemoKeys,
      passphraseFile: passphraseFile)
    guard format.format == .table else {
      return Output.print(.object([("home", .string(home.path)), ("processorID", .string(processorID))]))
    }
    for line in [
      "\(home.path) is ready; processor \(processorID).",
      "",
      "Next, with --home \(home.path) or DISBURSE_HOME=\(home.path):",
      "  disburse key export -o processor.crt          hand this to your partners",
      "  disburse partner add NAME --signing-cert FILE --encryption-cert FILE",
      "  disburse wallet fund NAME AMOUNT CURRENCY",
      "  disburse process BATCH.p7m",
    ] { Output.print(line) }
  }
}
