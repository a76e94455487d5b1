import TestKit
import Testing

@Suite("A process that is killed at a write of its own")
struct KilledAtWriteTests {
  /// Whether `strace` is there and may trace: it needs ptrace(2), which some containers refuse.
  static let canTrace = (try? Command.run("/usr/bin/env", ["strace", "-qq", "-o", "/dev/null", "true"]).status) == 0

  @Test(
    "has paid everybody once when it has come to its end",
    .enabled(if: canTrace, "strace is not there or may not trace"),
    arguments: [3, 11, 23, 41, 67, 97, 131], ["pwrite64", "fdatasync"])
  func payments(at number: Int, of call: String) async throws {
    try await kill(.payments, number, call)
  }

  @Test(
    "has issued every voucher once when it has come to its end",
    .enabled(if: canTrace, "strace is not there or may not trace"), arguments: [7, 29, 53, 89],
    ["pwrite64", "fdatasync"])
  func vouchers(at number: Int, of call: String) async throws {
    try await kill(.vouchers, number, call)
  }

  private func kill(_ scenario: Scenario, _ number: Int, _ call: String) async throws {
    let home = try CrashHome(scenario)
    let first = try home.process(killedAt: number, of: call)
    // A batch that ends before so many calls is the undisturbed case.
    #expect([CrashHome.killed, scenario.status].contains(first.status), "\(first)")
    try await Campaign(scenario).expectWhole(home, after: "\(call) \(number)")
  }
}
