import Cryptography
import Envelope
import Foundation
import Testing

/// Each measures a process of its own: other tests run beside this one.
@Suite("memory", .serialized)
struct MemoryTests {
  private struct TooMuch: Error { let megabytes: Int }

  /// What /proc/self/status says of the process, in bytes.
  private static func status(_ field: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(field + ":") })
    return try #require(Int(line.filter(\.isNumber))) << 10
  }

  /// How far the resident set grew above where it began, at its peak.
  private static func peakGrowth(_ body: () throws -> Void) throws -> Int {
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"), options: [])
    let before = try status("VmRSS")
    try body()
    return try status("VmHWM") - before
  }

  /// Seals so many bytes that do not pack, opens them and reads them; no step may hold them.
  private static func run(byteCount: Int, level: Int?) throws {
    let directory = try TemporaryDirectory(isLarge: true)
    let key = try TestKey.p256.get()
    let block = try [UInt8](#"{"x":""#.utf8) + SecureRandom.bytes(1 << 16)
    var written = 0
    let writer = try SealedFileWriter(
      path: directory.file("sealed"), signers: [key.pair], recipients: [key.certificate], compressionLevel: level)
    while written < byteCount {
      try writer.write(block)
      written += block.count
    }
    _ = try writer.finish()
    let opened = try SealedFile(path: directory.file("sealed"), openedWith: KeyRing([key.pair]))
    #expect(try opened.readDocument { _ in }.byteCount == written)
  }

  private static func check(byteCount: Int, level: Int?, limit: Int) throws {
    try run(byteCount: 1 << 16, level: level)
    let growth = try peakGrowth { try run(byteCount: byteCount, level: level) }
    guard growth < limit else { throw TooMuch(megabytes: growth >> 20) }
  }

  @Test("sealing and opening 96 MB grows a process by less than 16 MB, not compressed")
  func plain() async {
    await #expect(processExitsWith: .success) { try Self.check(byteCount: 96 << 20, level: nil, limit: 16 << 20) }
  }

  @Test("sealing and opening 96 MB grows a process by less than 16 MB, compressed")
  func compressed() async {
    await #expect(processExitsWith: .success) { try Self.check(byteCount: 96 << 20, level: 1, limit: 16 << 20) }
  }

  @Test(
    "sealing and opening 2.2 GB stays under 64 MB",
    .enabled(if: ProcessInfo.processInfo.environment["DISBURSE_TEST_LARGE"] != nil))
  func large() async {
    await #expect(processExitsWith: .success) { try Self.check(byteCount: 2_200 << 20, level: nil, limit: 64 << 20) }
  }
}
