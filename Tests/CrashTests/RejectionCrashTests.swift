import Storage
import TestKit
import Testing

@Suite("A rejected file whose process is killed")
struct RejectionCrashTests {
  @Test("is rejected again, leaves nothing behind, and may come again corrected", arguments: CrashPoint.all)
  func rejection(at point: CrashPoint) async throws {
    let home = try CrashHome(.rejection)
    let first = try home.process(crashAt: point.rawValue)
    guard first.status == CrashHome.killed else {
      #expect(Scenario.rejection.unreached[point] != nil, "\(point.rawValue) is not visited")
      #expect(first.status == Scenario.rejection.status)
      return
    }
    #expect(Scenario.rejection.unreached[point] == nil)
    #expect(try home.goOn().status == Scenario.rejection.status)
    let refused = try await Standing.of(home)
    let expected = try await Campaign(.rejection).undisturbed()
    #expect(refused.balances == expected.balances)
    #expect(refused.journal == expected.journal)
    #expect(refused.summary == expected.summary)
    #expect(refused.discrepancies == [])
    // Killed once it had its name, the answer is given once more under the next; both tell the same.
    #expect(refused.outbox == expected.outbox || refused.outbox == ["batch.result-2.p7m", "batch.result.p7m"])

    let corrected = home.directory.file("corrected.p7m")
    let bytes = try Sealing(by: [home.original.keys.maker])
      .seal(Scenario.payments.document.bytes, to: home.original.processor)
    try home.directory.write(bytes, as: "corrected.p7m")
    let paid = try Program.run(["process", corrected], environment: ["DISBURSE_HOME": home.path])
    #expect(paid.status == Scenario.payments.status, "\(paid)")
    #expect(try await Standing.of(home).balances == Campaign(.payments).undisturbed().balances)
  }
}
