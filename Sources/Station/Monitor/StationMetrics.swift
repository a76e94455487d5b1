public import Batch
public import CoreMetrics
public import Journal

/// How the way of a dropped file ended.
public enum FileResult: String, Hashable, Sendable, CaseIterable {
  /// A result with every line final.
  case completed
  /// A result with some lines pending.
  case partial
  /// Nobody was paid.
  case rejected
  /// The same content was answered before; the answer was given again.
  case repeated
}

/// Where work waits.
public enum Queue: String, Hashable, Sendable, CaseIterable {
  /// Dropped, not taken.
  case inbox
  /// Taken, its batch not in the journal.
  case work
  /// Admitted, to be dispatched.
  case ready
  /// Admitted and held.
  case held
  /// Waits for its time, or for a wallet's final answers.
  case waiting
}

/// What is measured by its duration.
public enum MeasuredStage: String, Hashable, Sendable, CaseIterable {
  /// Decrypting and verifying the sealed file.
  case open
  /// Reading, checking and writing down its instructions.
  case admit
  /// Paying, up to the last answer.
  case dispatch
  /// Asking for final answers.
  case wait
  /// Writing and sealing the result.
  case publish
  /// One claimed chunk at the wallet or the voucher engine.
  case claim
  /// The whole batch, from its admission to the result with every line final, with all that it waited for.
  case batch
}

/// The figures of the daemon: one method for each thing that happens. `Docs/monitoring.md` lists them.
public struct StationMetrics: Sendable {
  private let factory: any MetricsFactory

  /// Figures that go to `factory`.
  public init(_ factory: any MetricsFactory) { self.factory = factory }

  /// Figures in `registry`, with what each means.
  public init(in registry: PrometheusRegistry) {
    for name in Name.allCases { registry.describe(name.rawValue, name.help) }
    factory = registry
  }

  /// Says which version runs.
  public func started(version: String) { meter(.build, ("version", version)).set(1) }

  /// A file went its whole way; `partner` is `nil` while its signer is not known.
  public func fileEnded(_ result: FileResult, partner: String?) {
    counter(.files, ("partner", partner ?? "unknown"), ("result", result.rawValue)).increment()
  }

  /// The final answers of a batch rose from `earlier` to `later`: counts, and sums by currency. What is pending is not
  /// counted, since a counter only rises.
  public func outcomesChanged(from earlier: BatchSummary?, to later: BatchSummary) {
    settled("succeeded", from: earlier?.succeeded, to: later.succeeded)
    settled("failed", from: earlier?.failed, to: later.failed)
  }

  private func settled(_ outcome: String, from earlier: BatchSummary.Tally?, to later: BatchSummary.Tally) {
    let count = later.count - (earlier?.count ?? 0)
    if count > 0 { counter(.instructions, ("outcome", outcome)).increment(by: count) }
    for (currency, sum) in later.amounts {
      let amount = sum - (earlier?.amounts[currency] ?? 0)
      guard amount > 0 else { continue }
      counter(.amounts, ("currency", currency.code), ("outcome", outcome)).increment(by: amount)
    }
  }

  /// So much waits in a queue now.
  public func depth(of queue: Queue, is count: Int) { meter(.queues, ("queue", queue.rawValue)).set(count) }

  /// So many batches are held for that cause now.
  public func held(for cause: BatchHold, count: Int) { meter(.held, ("cause", cause.name)).set(count) }

  /// A stage took so long.
  public func took(_ duration: Duration, at stage: MeasuredStage) {
    let parts = duration.components
    let (seconds, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, parts.seconds >= 0 else { return }
    Timer(label: Name.stages.rawValue, dimensions: [("stage", stage.rawValue)], factory: factory)
      .recordNanoseconds(seconds &+ parts.attoseconds / 1_000_000_000)
  }

  /// So many entries of inboxes are not taken, and somebody has to look after them.
  public func troubles(count: Int) { meter(.troubles).set(count) }

  /// The age of the oldest batch that is not finished; zero when there is none.
  public func oldestUnfinished(isSeconds seconds: Int64) { meter(.oldest).set(max(0, seconds)) }

  /// The inbox was looked through.
  public func scanned(at instant: Timestamp) { meter(.lastScan).set(instant.millisecondsSinceEpoch / 1_000) }

  /// The work on a batch, or on the spool, ended with an error that is tried again.
  public func failed(code: String) { counter(.failures, ("code", code)).increment() }

  /// A notice was delivered, or could not be.
  public func notice(_ delivery: NoticeDelivery) { counter(.notices, ("delivery", delivery.rawValue)).increment() }

  private func counter(_ name: Name, _ labels: (String, String)...) -> Counter {
    Counter(label: name.rawValue, dimensions: labels, factory: factory)
  }

  private func meter(_ name: Name, _ labels: (String, String)...) -> Meter {
    Meter(label: name.rawValue, dimensions: labels, factory: factory)
  }
}

/// What became of an attempt at a notice.
public enum NoticeDelivery: String, Hashable, Sendable, CaseIterable {
  /// Its target has it.
  case delivered
  /// It failed and is tried again.
  case retried
  /// It failed too often.
  case abandoned
}

extension StationMetrics {
  /// The families, as they are called and explained.
  private enum Name: String, CaseIterable {
    case build = "disburse_build_info"
    case files = "disburse_files_total"
    case instructions = "disburse_instructions_total"
    case amounts = "disburse_amount_minor_units_total"
    case queues = "disburse_queue_depth"
    case held = "disburse_held_batches"
    case stages = "disburse_stage_seconds"
    case troubles = "disburse_inbox_troubles"
    case oldest = "disburse_oldest_unfinished_seconds"
    case lastScan = "disburse_last_scan_timestamp_seconds"
    case failures = "disburse_failures_total"
    case notices = "disburse_notices_total"

    var help: String {
      switch self {
      case .build: "Always 1; the label tells the version that runs."
      case .files: "Files that went their whole way, by partner and result."
      case .instructions: "Instructions with a final answer, by outcome."
      case .amounts: "Minor units of the currency with a final answer, by outcome."
      case .queues: "What waits now, by queue."
      case .held: "Batches that are held now, by cause."
      case .stages: "Seconds that a stage took."
      case .troubles: "Entries of inboxes that are not taken, and that somebody has to look after."
      case .oldest: "Age of the oldest batch that is not finished; 0 when there is none."
      case .lastScan: "When the inbox was last looked through, in seconds since 1970."
      case .failures: "Errors that are tried again, by code."
      case .notices: "Attempts at notices, by what became of them."
      }
    }
  }
}
