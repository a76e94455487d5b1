import Station
import Testing

@Suite("health")
struct HealthTests {
  private let clock = SteadyClock()

  private func health() -> StationHealth {
    StationHealth(maximumScanAge: .seconds(60)) { [clock] in clock.now }
  }

  @Test("it is not ready before the first look at the inbox")
  func starting() {
    let health = health()
    #expect(health.report().concerns == [.starting])
    health.scanned()
    #expect(health.report().isReady)
  }

  @Test("a look at the inbox that is too long ago is told, and forgotten with the next")
  func staleScan() {
    let health = health()
    health.scanned()
    clock.advance(by: .seconds(60))
    #expect(health.report().isReady)
    clock.advance(by: .seconds(1))
    #expect(health.report().concerns == [.scan])
    health.scanned()
    #expect(health.report().isReady)
  }

  @Test("each concern stays until it is recovered from")
  func concerns() {
    let health = health()
    health.scanned()
    health.failed(.wallet)
    health.failed(.journal)
    health.recovered(from: .wallet)
    #expect(health.report().concerns == [.journal])
    #expect(health.report().isLive)
  }

  @Test("what is fatal stays, and it is not live any more")
  func fatal() {
    let health = health()
    health.scanned()
    health.failed(.fatal)
    health.recovered(from: .fatal)
    #expect(health.report().concerns == [.fatal])
    #expect(!health.report().isLive)
  }
}
