import Batch
import Journal
import Pipeline
import Station
import Testing

@Suite("the daemon's figures")
struct StationMetricsTests {
  private let registry = PrometheusRegistry()
  private var metrics: StationMetrics { StationMetrics(in: registry) }
  private var lines: [String] {
    String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("files are counted by partner and result, also those of nobody that is known")
  func files() {
    metrics.fileEnded(.completed, partner: "social-registry")
    metrics.fileEnded(.rejected, partner: nil)
    #expect(lines.contains(#"disburse_files_total{partner="social-registry",result="completed"} 1"#))
    #expect(lines.contains(#"disburse_files_total{partner="unknown",result="rejected"} 1"#))
  }

  @Test("answers are counted once, however often a batch goes on")
  func outcomes() throws {
    let currency = try #require(Currency(code: "RWF"))
    var first = BatchSummary()
    first.succeeded.count = 2
    first.succeeded.amounts = [currency: 7_500]
    first.pending.count = 1
    first.pending.amounts = [currency: 5_000]
    var second = first
    second.pending = .init()
    second.failed.count = 1
    second.failed.amounts = [currency: 5_000]
    metrics.outcomesChanged(from: nil, to: first)
    metrics.outcomesChanged(from: first, to: second)
    metrics.outcomesChanged(from: second, to: second)
    #expect(lines.contains(#"disburse_instructions_total{outcome="succeeded"} 2"#))
    #expect(lines.contains(#"disburse_instructions_total{outcome="failed"} 1"#))
    #expect(lines.contains(#"disburse_amount_minor_units_total{currency="RWF",outcome="succeeded"} 7500"#))
    #expect(lines.contains(#"disburse_amount_minor_units_total{currency="RWF",outcome="failed"} 5000"#))
  }

  @Test("queues, holds, the oldest batch and the last scan are what was said last")
  func gauges() {
    metrics.depth(of: .inbox, is: 7)
    metrics.depth(of: .inbox, is: 3)
    metrics.held(for: .failureRate, count: 2)
    metrics.oldestUnfinished(isSeconds: 90)
    metrics.scanned(at: Timestamp(millisecondsSinceEpoch: 1_795_309_323_004))
    metrics.started(version: "0.1.0")
    #expect(lines.contains(#"disburse_queue_depth{queue="inbox"} 3"#))
    #expect(lines.contains(#"disburse_held_batches{cause="failure-rate"} 2"#))
    #expect(lines.contains("disburse_oldest_unfinished_seconds 90"))
    #expect(lines.contains("disburse_last_scan_timestamp_seconds 1795309323"))
    #expect(lines.contains(#"disburse_build_info{version="0.1.0"} 1"#))
  }

  @Test("each stage lasts until the next begins, or the work ends")
  func stages() {
    let clock = SteadyClock()
    let watch = StageWatch(metrics, clock: clock)
    watch.observe(.opening)
    clock.advance(by: .milliseconds(20))
    watch.observe(.admitting(count: 0))
    clock.advance(by: .seconds(2))
    watch.observe(.admitting(count: 500))
    clock.advance(by: .seconds(1))
    watch.observe(.dispatching(done: 0, of: 500))
    clock.advance(by: .milliseconds(500))
    watch.stop(isFinished: true)
    clock.advance(by: .seconds(9))
    #expect(lines.contains(#"disburse_stage_seconds_sum{stage="open"} 0.02"#))
    #expect(lines.contains(#"disburse_stage_seconds_sum{stage="admit"} 3"#))
    #expect(lines.contains(#"disburse_stage_seconds_count{stage="admit"} 1"#))
    #expect(lines.contains(#"disburse_stage_seconds_sum{stage="dispatch"} 0.5"#))
  }
}
