import Foundation
import TestKit
import Testing

@Suite("what a process leaves of its memory")
struct DumpTests {
  private static let strace = "/usr/bin/strace"
  static let hasStrace = FileManager.default.isExecutableFile(atPath: strace)

  @Test(
    "no core file and no look from outside, before anything else is done",
    .enabled(if: hasStrace, "strace is not installed"))
  func forbidden() throws {
    let directory = try TemporaryDirectory()
    let trace = directory.file("trace")
    let result = try Command.run(
      Self.strace,
      ["-f", "-qq", "-o", trace, "-e", "trace=prctl,prlimit64,setrlimit,openat", Program.path, "key", "list"],
      environment: ["DISBURSE_HOME": directory.file("nowhere")])
    #expect(result.status == 78)
    let calls = try String(decoding: TemporaryDirectory.bytes(of: trace), as: UTF8.self).split(separator: "\n")
    let dumps = try #require(calls.firstIndex { $0.contains("PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0") })
    let cores = try #require(calls.firstIndex { $0.contains("RLIMIT_CORE, {rlim_cur=0, rlim_max=0}") })
    if let home = calls.firstIndex(where: { $0.contains("nowhere") }) { #expect(max(dumps, cores) < home) }
  }
}
