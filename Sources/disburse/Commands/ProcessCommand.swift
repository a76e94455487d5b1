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
      was answered gets the same answer. The sealed result is in the home's spool/outbox; -o puts a copy elsewhere.

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
    var reports: [BatchReport] = []
    var stopped: (any Error)?
    for file in files {
      let display = ProgressDisplay(of: file)
      defer { display.finish() }
      do {
        reports.append(
          try await processor.process(file, bareArray: bareArray.identity, output: output, progress: display.show))
      } catch {
        stopped = error
        break
      }
    }
    ProcessReport.show(reports, stopped, format.format)
    if let stopped, Failure(stopped) == nil { throw stopped }
    let status = ProcessReport.status(of: reports, stopped)
    if status != .done { throw status.exitCode }
  }
}
