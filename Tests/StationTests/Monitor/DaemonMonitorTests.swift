import Batch
import Journal
import Testing

@testable import Station

@Suite("what the daemon tells becomes figures and health")
struct DaemonMonitorTests {
  private let registry = PrometheusRegistry()
  private let health = StationHealth(maximumScanAge: .seconds(60))
  private let clock = MovableClock()

  private var monitor: DaemonMonitor {
    DaemonMonitor(metrics: StationMetrics(in: registry), health: health, clock: clock)
  }
  private var lines: [String] {
    String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("a look at the inboxes sets the queues, the holds and the age of the oldest batch")
  func scanned() {
    var depths = QueueDepths()
    depths.inbox = 3
    depths.ready = 2
    depths.held = [.failureRate: 1, .awaitingRelease: 4]
    depths.troubles = 1
    depths.oldest = clock.now()
    clock.advance(milliseconds: 90_500)
    monitor.observe(.scanned(depths))
    #expect(lines.contains(#"disburse_queue_depth{queue="inbox"} 3"#))
    #expect(lines.contains(#"disburse_queue_depth{queue="held"} 5"#))
    #expect(lines.contains(#"disburse_held_batches{cause="awaiting-release"} 4"#))
    #expect(lines.contains(#"disburse_held_batches{cause="operator-stop"} 0"#))
    #expect(lines.contains("disburse_inbox_troubles 1"))
    #expect(lines.contains("disburse_oldest_unfinished_seconds 90"))
    #expect(health.report().isReady)
  }

  @Test(
    "a failure of what all work needs is told by health until work succeeds",
    arguments: [("journal", HealthConcern.journal), ("wallet-unavailable", .wallet), ("keys", .keys)])
  func failure(code: String, concern: HealthConcern) {
    var depths = QueueDepths()
    depths.waiting = 1
    monitor.observe(.failed(code: code, message: ""))
    monitor.observe(.scanned(depths))
    #expect(health.report().concerns == [concern])
    #expect(lines.contains("disburse_failures_total{code=\"\(code)\"} 1"))
    monitor.observe(.scanned(QueueDepths()))
    #expect(health.report().isReady)
  }

  @Test("a failure of one batch is no reason for the whole to be unwell")
  func oneBatch() {
    monitor.observe(.scanned(QueueDepths()))
    monitor.observe(.failed(code: "partner", message: ""))
    #expect(health.report().isReady)
  }

  @Test("a finished batch is measured from its admission, with its outcomes")
  func finished() throws {
    let header = BatchHeader(batchID: "VUP-1", sourceBBID: "social-registry", kind: .credit)
    var batch = BatchRecord(
      number: BatchNumber(rawValue: 1), partner: "social-registry", header: header,
      life: BatchLifecycle(state: .completed), file: "vup-1.p7m")
    batch.decidedAt = clock.now()
    clock.advance(milliseconds: 12_000)
    var summary = BatchSummary()
    summary.succeeded.count = 2
    monitor.observe(.batchWorked(batch, from: nil, to: summary))
    #expect(lines.contains(#"disburse_stage_seconds_sum{stage="batch"} 12"#))
    #expect(lines.contains(#"disburse_instructions_total{outcome="succeeded"} 2"#))
  }

  @Test("a daemon that ends is not ready, and lives")
  func stopping() {
    monitor.observe(.scanned(QueueDepths()))
    monitor.observe(.stopping)
    #expect(health.report().concerns == [.stopping])
    #expect(health.report().isLive)
  }
}
