import ArgumentParser
import Glibc
import Station

/// Where the home is, on every command that needs one.
struct HomeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The home directory; else DISBURSE_HOME, else /var/lib/disburse.", valueName: "dir"))
  var home: String?

  var path: String { home ?? getenv("DISBURSE_HOME").map { String(cString: $0) } ?? "/var/lib/disburse" }

  func station() async throws -> Station { try await Station(openingHomeAt: path) }
}

/// How a command reports, on every command that does.
struct FormatOptions: ParsableArguments {
  @Option(help: "table for people, json for programs: one object on standard output.")
  var format: OutputFormat = .table
}
