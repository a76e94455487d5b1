import Crypto
import Envelope
import Foundation
import Testing

@Suite("memory", .serialized)
struct MemoryTests {
  /// What /proc/self/status says of the process, in bytes.
  private func status(_ field: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(field + ":") })
    return try #require(Int(line.filter(\.isNumber))) << 10
  }

  /// How far the resident set grew above where it began, at its peak.
  private func peakGrowth(_ body: () throws -> Void) throws -> Int {
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"), options: [])
    let before = try status("VmRSS")
    try body()
    return try status("VmHWM") - before
  }

  /// Seals so many bytes that do not pack, opens them and reads them; no step may hold them.
  private func run(byteCount: Int, level: Int?) throws {
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

  @Test("sealing and opening 96 MB takes no more memory than a small file", arguments: [nil, 1])
  func flat(level: Int?) throws {
    try run(byteCount: 1 << 16, level: level)
    let growth = try peakGrowth { try run(byteCount: 96 << 20, level: level) }
    // Other tests run beside this one; the file is 96 MB.
    #expect(growth < 48 << 20, "grew by \(growth >> 20) MB")
  }

  @Test(
    "sealing and opening 2.2 GB stays under 64 MB",
    .enabled(if: ProcessInfo.processInfo.environment["DISBURSE_TEST_LARGE"] != nil))
  func large() throws {
    let growth = try peakGrowth { try run(byteCount: 2_200 << 20, level: nil) }
    print("2.2 GB: grew by \(growth >> 10) KB, resident at most \(try status("VmHWM") >> 20) MB")
    #expect(growth < 64 << 20, "grew by \(growth >> 20) MB")
  }
}
