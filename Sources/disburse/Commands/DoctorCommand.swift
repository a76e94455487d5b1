import ArgumentParser
import Batch
import Station

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examines the home and its machine; names each problem and its remedy.",
    discussion: """
      It mends nothing, and may run beside the service. It ends with 0 when there is no problem, warnings or not, and \
      with 78 otherwise.

      EXAMPLE
        disburse doctor
        disburse doctor --deep --format json
      """)

  @Flag(help: "Read every store through whole, whatever its size, with its indexes.")
  var deep = false
  @OptionGroup var home: HomeOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let diagnosis = try await Doctor.examine(homeAt: home.path, deep: deep)
    switch format.format {
    case .json: Output.print(Self.json(diagnosis))
    case .table: Self.show(diagnosis)
    }
    guard diagnosis.isSound else { throw ExitStatus.configuration.exitCode }
  }

  private static func show(_ diagnosis: Diagnosis) {
    var table = Table("RESULT", "CHECK", "WHAT WAS LOOKED AT")
    for result in diagnosis.results { table.add(result.severity?.rawValue ?? "ok", result.name, result.scope) }
    table.print()
    let findings = diagnosis.results.flatMap(\.findings)
    for finding in findings.filter({ $0.severity == .problem }) + findings.filter({ $0.severity == .warning }) {
      Output.print("")
      Output.print("\(finding.severity.rawValue): \(finding.subject): \(finding.what)")
      Output.print("remedy:  \(finding.remedy)")
    }
  }

  private static func json(_ diagnosis: Diagnosis) -> JSONValue {
    .object([
      ("sound", .bool(diagnosis.isSound)),
      (
        "checks",
        .array(
          diagnosis.results.map { result in
            .object([
              ("check", .string(result.name)), ("result", .string(result.severity?.rawValue ?? "ok")),
              ("scope", .string(result.scope)), ("findings", .array(result.findings.map(json))),
            ])
          })
      ),
    ])
  }

  private static func json(_ finding: Finding) -> JSONValue {
    .object([
      ("severity", .string(finding.severity.rawValue)), ("subject", .string(finding.subject)),
      ("what", .string(finding.what)), ("remedy", .string(finding.remedy)),
    ])
  }
}
