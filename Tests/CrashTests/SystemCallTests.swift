import TestKit
import Testing

/// `strace`, which does things to the system calls of a program.
enum Tracing {
  static let isPossible = (try? Command.run("/usr/bin/env", ["strace", "-qq", "-o", "/dev/null", "true"]).status) == 0
}

@Suite(
  "A process that is killed, or failed, at a system call of its own",
  .enabled(if: Tracing.isPossible, "strace is not there, or may not trace: some containers refuse ptrace(2)"))
struct SystemCallTests {
  /// A call and which one of a thread's.
  struct Place: Sendable, CustomStringConvertible {
    let call: String
    let number: Int
    var description: String { "\(call) \(number)" }

    static func all(_ call: String, _ numbers: [Int]) -> [Place] { numbers.map { Place(call: call, number: $0) } }
  }

  private static let places =
    Place.all("pwrite64", [1, 2, 3, 5, 8, 12, 17, 25]) + Place.all("fdatasync", [1, 2, 3]) + Place.all("write", [1, 2])
    + Place.all("fsync", [1]) + Place.all("link", [1]) + Place.all("unlink", [1])

  @Test("has paid everybody once when it has come to its end", arguments: places)
  func payments(killedAt place: Place) async throws { try await kill(.payments, at: place) }

  @Test("has issued every voucher once when it has come to its end", arguments: places)
  func vouchers(killedAt place: Place) async throws { try await kill(.vouchers, at: place) }

  @Test(
    "goes on with the payments when the disk is sound again",
    arguments: Place.all("fdatasync", [1, 2, 3, 4, 5, 6, 7, 8]) + Place.all("fsync", [1, 2, 3]), ["error=EIO"])
  func failedSync(at place: Place, _ fault: String) async throws { try await fail(.payments, fault, at: place) }

  @Test(
    "goes on with the vouchers when the disk has room again",
    arguments: Place.all("pwrite64", [1, 4, 9, 16, 25]) + Place.all("link", [1]), ["error=ENOSPC"])
  func fullDisk(at place: Place, _ fault: String) async throws { try await fail(.vouchers, fault, at: place) }

  private func kill(_ scenario: Scenario, at place: Place) async throws {
    let home = try CrashHome(scenario)
    let first = try home.process("signal=KILL", at: place.number, of: place.call)
    #expect(first.status == CrashHome.killed, "\(first)")
    try await Campaign(scenario).expectWhole(home, after: "\(place)")
  }

  private func fail(_ scenario: Scenario, _ fault: String, at place: Place) async throws {
    let home = try CrashHome(scenario)
    // A call that failed at a checkpoint stops nobody: what was committed is in the log.
    let first = try home.process(fault, at: place.number, of: place.call)
    #expect([scenario.status, 69, 73, 74, 78].contains(first.status), "\(first)")
    try await Campaign(scenario).expectWhole(home, after: "\(place), \(fault)")
  }
}
