import Foundation
import TestKit
import Testing

@testable import Beneficiaries

/// Each measures a process of its own: other tests run beside this one.
@Suite("The memory of an import", .serialized)
struct ImportMemoryTests {
  private struct TooMuch: Error { let megabytes: Int }

  private static func status(_ field: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(field + ":") })
    return try #require(Int(line.filter(\.isNumber))) << 10
  }

  /// Rows whose IDs are in no order, as a registry's are.
  private static func write(_ count: Int, _ format: ImportFormat, to path: String) throws {
    try Data().write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: Data((format == .csv ? "id,modality,provider,address\n" : "[").utf8))
    for start in stride(from: 0, to: count, by: 10_000) {
      let rows = (start..<min(count, start + 10_000)).map { index -> String in
        let id = "RW-1\(UInt64(index) &* 2_654_435_761 % 1_000_000_007)-\(index)".prefix(20)
        let number = "2507\(10_000_000 + index)"
        if format == .csv { return "\(id),01,MTN,\(number)\n" }
        let comma = index == 0 ? "" : ",\n"
        return
          #"\#(comma){"payeeFunctionalID":"\#(id)","paymentModality":"01","provider":"MTN","financialAddress":"\#(number)"}"#
      }
      try file.write(contentsOf: Data(rows.joined().utf8))
    }
    if format == .json { try file.write(contentsOf: Data("]".utf8)) }
    try file.close()
  }

  private static func check(_ count: Int, _ format: ImportFormat, limit: Int) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("import")
    try write(count, format, to: path)
    let mapper = try AccountMapper(path: directory.file("beneficiaries.sqlite"))
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"), options: [])
    let before = try status("VmRSS")
    let report = try await mapper.importFile(path, format)
    #expect(report.added == count)
    let growth = try status("VmHWM") - before
    guard growth < limit else { throw TooMuch(megabytes: growth >> 20) }
  }

  @Test("of 100,000 rows is under 48 MB")
  func rows() async {
    await #expect(processExitsWith: .success) { try await Self.check(100_000, .csv, limit: 48 << 20) }
  }

  @Test(
    "of two million rows or objects is under 96 MB",
    .enabled(if: ProcessInfo.processInfo.environment["DISBURSE_TEST_LARGE"] != nil))
  func large() async {
    await #expect(processExitsWith: .success) { try await Self.check(2_000_000, .csv, limit: 96 << 20) }
    await #expect(processExitsWith: .success) { try await Self.check(2_000_000, .json, limit: 96 << 20) }
  }
}
