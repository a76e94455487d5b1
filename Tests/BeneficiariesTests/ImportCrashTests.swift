import Glibc
import Storage
import TestKit
import Testing

@testable import Beneficiaries

@Suite("An import whose process is killed")
struct ImportCrashTests {
  static let rows = (0..<50).map { "F-\($0),03,W-\($0)\n" }

  @Test(
    "has whole chunks, and a repetition finishes it",
    arguments: [
      (CrashPoint.beneficiariesImportBeforeCommit, 1, 0), (.beneficiariesImportCommitted, 1, 10),
      (.beneficiariesImportBeforeCommit, 3, 20), (.beneficiariesImportCommitted, 5, 50),
    ])
  func killed(at point: CrashPoint, visit: Int, written: Int) async throws {
    let kit = try MapperKit()
    // One that is there already is changed by the import.
    try await kit.add("F-7", .wallet, "W-old")
    let file = try kit.directory.write(("id,modality,address\n" + Self.rows.joined()).utf8, as: "rows.csv")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = kit.path as String, file = file as String, crash = "\(point.rawValue):\(visit)" as String] in
      setenv("DISBURSE_CRASH_AT", crash, 1)
      _ = try await AccountMapper(path: path).importFile(file, .csv, chunkSize: 10)
    }
    #expect(try await kit.ids().count == max(written, 1))
    let mapper = try AccountMapper(path: kit.path)
    let report = try await mapper.importFile(file, .csv, chunkSize: 10)
    #expect(report.count == 50 && report.unchanged == written)
    #expect(try await kit.ids().count == 50)
    #expect(try await kit.beneficiary("F-7").address == "W-7")
    #expect(try await mapper.importFile(file, .csv).unchanged == 50)
  }
}
