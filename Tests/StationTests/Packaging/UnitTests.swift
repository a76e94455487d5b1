import Foundation
import TestKit
import Testing

@Suite("the systemd unit")
struct UnitTests {
  private static let analyzer = "/usr/bin/systemd-analyze"
  static let hasAnalyzer = FileManager.default.isExecutableFile(atPath: analyzer)
  private static let unit = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Packaging/systemd/disburse.service").path

  /// The unit as it would be installed here: a program that is not where it belongs is no fault of the unit.
  private func installed(in directory: TemporaryDirectory) throws -> String {
    let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
    #expect(text.contains("ExecStart=/usr/local/bin/disburse run"))
    let here = text.replacing("ExecStart=/usr/local/bin/disburse", with: "ExecStart=\(Program.path)")
    return try directory.write(here.utf8, as: "disburse.service")
  }

  @Test("is verified without a word", .enabled(if: hasAnalyzer, "systemd-analyze is not installed"))
  func verify() throws {
    let directory = try TemporaryDirectory()
    let result = try Command.run(Self.analyzer, ["verify", "--man=no", installed(in: directory)])
    #expect(result.status == 0)
    // Other units of the machine may have their own faults.
    #expect(result.stderr.split(separator: "\n").filter { $0.contains("disburse") } == [])
  }

  @Test("exposes little: at most 1.5 of 10", .enabled(if: hasAnalyzer, "systemd-analyze is not installed"))
  func exposure() throws {
    let directory = try TemporaryDirectory()
    let unit = try installed(in: directory)
    let result = try Command.run(
      Self.analyzer, ["security", "--offline=true", "--no-pager", "--threshold=15", unit])
    #expect(result.status == 0, "\(result)")
  }
}
