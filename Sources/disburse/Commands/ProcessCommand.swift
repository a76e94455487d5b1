import ArgumentParser
import Batch
import Pipeline
import Station

struct ProcessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "process",
    abstract: "Pays a sealed batch, or issues its vouchers, and seals the result; in the foreground.",
    discussion: """
      Whatever stops it, starting it again with the same file goes on where it was and pays nobody twice. A file that \
      was answered gets the same answer. The sealed result is in the home's spool/outbox; -o puts a copy elsewhere. A \
      file that can't be read, or not now, does not hold up those after it; the exit status is the gravest.

      EXAMPLE
        disburse process batch.p7m -o result.p7m
      """)

  @Argument(help: "The sealed files.")
  var files: [String]
  @Option(name: .shortAndLong, help: "Where to put a copy of the sealed result; with one file.")
  var output: String?
  @OptionGroup var bareArray: BareArrayOptions
  @OptionGroup var home: HomeOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("Name a sealed file.") }
    guard files.count == 1 || output == nil && bareArray.identity == nil else {
      throw ValidationError("-o and --batch-id go with one file.")
    }
  }

  func run() async throws {
    let processor = try await home.station().processor()
    var outcomes: [FileOutcome] = []
    var stopped: (any Error)?
    for file in files {
      guard stopped == nil else {
        outcomes.append(.unreached(file: file))
        continue
      }
      let display = ProgressDisplay(of: file)
      defer { display.finish() }
      do {
        outcomes.append(
          .reported(
            try await processor.process(
              file, bareArray: bareArray.identity, output: output, progress: display.show)))
      } catch {
        if let failure = Failure(error), FileOutcome.concerns(only: file, error, failure) {
          outcomes.append(.failed(file: file, failure))
        } else {
          outcomes.append(.unreached(file: file))
          stopped = error
        }
      }
    }
    ProcessReport.show(outcomes, stopped.flatMap { Failure($0) }, format.format)
    if let stopped { throw Failure(stopped).map { ExitStatus($0.kind).exitCode } ?? stopped }
    let status = ProcessReport.status(of: outcomes)
    if status != .done { throw status.exitCode }
  }
}
