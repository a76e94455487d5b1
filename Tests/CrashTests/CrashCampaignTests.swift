import Storage
import TestKit
import Testing

@Suite("A batch whose process is killed, and that is started again")
struct CrashCampaignTests {
  /// How often each point is tried: at its first visit, its second and so on.
  private static let visits = 3

  @Test("pays everybody once, wherever a payment batch was killed", arguments: CrashPoint.all)
  func payments(at point: CrashPoint) async throws {
    let deaths = try await Campaign(.payments).die(at: point, visits: Self.visits)
    #expect(
      (deaths == 0) == (Scenario.payments.unreached[point] != nil), "\(point.rawValue) was visited \(deaths) times")
  }

  @Test("issues every voucher once, wherever a voucher batch was killed", arguments: CrashPoint.all)
  func vouchers(at point: CrashPoint) async throws {
    let deaths = try await Campaign(.vouchers).die(at: point, visits: Self.visits)
    #expect(
      (deaths == 0) == (Scenario.vouchers.unreached[point] != nil), "\(point.rawValue) was visited \(deaths) times")
  }

  @Test("comes to its end though the process is killed again while it goes on", arguments: CrashPoint.all)
  func killedTwice(at point: CrashPoint) async throws {
    let campaign = Campaign(.payments)
    guard campaign.scenario.unreached[point] == nil else { return }
    let home = try CrashHome(.payments)
    // Some lines are final, some claimed and in doubt, some waiting.
    #expect(try home.process(crashAt: "journal.record.committed:2").status == CrashHome.killed)
    let second = try home.process(crashAt: point.rawValue)
    #expect([CrashHome.killed, Scenario.payments.status].contains(second.status), "\(second)")
    try await campaign.expectWhole(home, after: "journal.record.committed:2, \(point.rawValue)")
  }

  @Test("of vouchers comes to its end though the process is killed again while it goes on", arguments: CrashPoint.all)
  func vouchersKilledTwice(at point: CrashPoint) async throws {
    let campaign = Campaign(.vouchers)
    guard campaign.scenario.unreached[point] == nil else { return }
    let home = try CrashHome(.vouchers)
    // Vouchers have their money and are not active.
    #expect(try home.process(crashAt: "voucher.reserved:2").status == CrashHome.killed)
    let second = try home.process(crashAt: point.rawValue)
    #expect([CrashHome.killed, Scenario.vouchers.status].contains(second.status), "\(second)")
    try await campaign.expectWhole(home, after: "voucher.reserved:2, \(point.rawValue)")
  }

  @Test("issues numbers and serials that are all different")
  func numbersDiffer() async throws {
    let home = try CrashHome(.vouchers)
    #expect(try home.process(crashAt: "voucher.drawn:2").status == CrashHome.killed)
    _ = try home.goOn()
    let lines = try home.openedResult()["results"].elements.filter { $0["status"].text == "SUCCESSFUL" }
    #expect(lines.count == 113)
    #expect(Set(lines.compactMap { $0["voucherNumber"].text }).count == lines.count)
    #expect(Set(lines.compactMap { $0["serialNumber"].text }).count == lines.count)
  }
}
