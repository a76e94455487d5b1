import Batch
import Beneficiaries
import Station

/// Beneficiaries as an operator gets to see them: in full, since the register is the operator's own.
enum BeneficiaryReport {
  /// How many errors a person gets to see; a program gets all that are listed.
  private static let shownProblems = 20

  static func show(_ beneficiary: Beneficiary, _ format: OutputFormat) {
    switch format {
    case .json: Output.print(.object([("beneficiary", json(beneficiary))]))
    case .table: table([beneficiary])
    }
  }

  static func show(_ page: [Beneficiary], _ format: OutputFormat) {
    switch format {
    case .json: Output.print(.object([("beneficiaries", .array(page.map(json)))]))
    case .table: table(page)
    }
  }

  /// The names are those of an import file.
  private static func json(_ beneficiary: Beneficiary) -> JSONValue {
    .object(compacting: [
      (BeneficiaryField.id.rawValue, .string(beneficiary.id.rawValue)),
      (BeneficiaryField.modality.rawValue, .string(beneficiary.modality.rawValue)),
      (BeneficiaryField.provider.rawValue, .optional(beneficiary.provider)),
      (BeneficiaryField.address.rawValue, .optional(beneficiary.address)),
      (BeneficiaryField.state.rawValue, .string(beneficiary.state.name)),
    ])
  }

  private static func table(_ page: [Beneficiary]) {
    var table = Table("ID", "MODALITY", "PROVIDER", "ADDRESS", "STATE")
    for beneficiary in page {
      table.add(
        beneficiary.id.rawValue, beneficiary.modality.title, beneficiary.provider ?? "", beneficiary.address ?? "",
        beneficiary.state.name)
    }
    table.print()
  }

  static func show(_ report: ImportReport, _ format: OutputFormat) {
    switch format {
    case .json:
      Output.print(
        .object([
          ("count", .integer(Int64(report.count))), ("added", .integer(Int64(report.added))),
          ("changed", .integer(Int64(report.changed))), ("unchanged", .integer(Int64(report.unchanged))),
          ("ignoredMembers", .integer(Int64(report.ignoredMemberCount))),
        ]))
    case .table:
      Output.print(
        "\(report.count) beneficiaries: \(report.added) added, \(report.changed) changed, \(report.unchanged) unchanged"
      )
      if report.ignoredMemberCount > 0 {
        Output.print("members or columns that mean nothing: \(report.ignoredMemberCount)")
      }
    }
  }

  /// Tells what is wrong with a file.
  static func tell(_ rejection: ImportRejection, _ format: OutputFormat) {
    guard let failure = Failure(BeneficiariesError.rejected(rejection)) else { return }
    if format == .json {
      let errors = rejection.problems.map { problem -> JSONValue in
        switch problem.place {
        case .line(let line): .object([("line", .integer(Int64(line))), ("message", .string(problem.message))])
        case .pointer(let pointer): .object([("pointer", .string(pointer)), ("message", .string(problem.message))])
        case .byteOffset(let offset):
          .object([("byteOffset", .integer(Int64(offset))), ("message", .string(problem.message))])
        }
      }
      Output.print(
        .object([
          ("error", failure.json), ("errorCount", .integer(Int64(rejection.problemCount))), ("errors", .array(errors)),
        ]))
    }
    if rejection.problemCount == 1 {
      Output.complain("error: \(failure.message)")
    } else {
      Output.complain("error: \(rejection.path) was not imported for \(rejection.problemCount) errors")
      for problem in rejection.problems.prefix(shownProblems) { Output.complain("  - \(problem)") }
      if rejection.problemCount > shownProblems {
        Output.complain("  … \(rejection.problemCount - shownProblems) more; --format json lists them")
      }
    }
    if let hint = failure.hint { Output.complain("hint:  \(hint)") }
  }
}
