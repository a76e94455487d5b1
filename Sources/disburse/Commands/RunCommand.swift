import ArgumentParser
import Journal
import Station

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The daemon: takes files from the inboxes, pays them, answers; until it is told to stop.",
    discussion: """
      It works on every file that is dropped into spool/inbox/PARTNER, and on every batch that is not finished, several \
      at once and partners in turn. SIGTERM or SIGINT stops it within 10 seconds; whatever stopped it, started again it \
      goes on by itself. One daemon is enough for a home, and a second one is refused (69). It says what it does on \
      standard error.

      With --once it ends when nothing is left that can be done now: 0 when all went well, 2 when instructions failed \
      or files were rejected, 69 when something is left that could not be done now. What waits for its time or for an \
      operator is no fault.

      EXAMPLE
        disburse run
        disburse run --once
      """)

  @Flag(help: "End when nothing is left that can be done now.")
  var once = false
  @OptionGroup var home: HomeOptions

  func run() async throws {
    let station = try await Station(openingHomeAt: home.path, actor: .daemon)
    let tally = try await station.serve(once: once, version: Disburse.configuration.version)
    guard once else { return }
    if tally.unfinished > 0 { throw ExitStatus.unavailable.exitCode }
    if tally.rejectedFiles > 0 || tally.failedInstructions > 0 { throw ExitStatus.someFailed.exitCode }
  }
}
