import Batch
import Journal
import Pipeline

/// Makes figures and health of what the daemon tells.
struct DaemonMonitor: DaemonObserver {
  let metrics: StationMetrics
  let health: StationHealth
  let clock: any WallClock

  func begin() -> any WorkObserver { StageWatch(metrics) }

  func following(_ executor: any Executor) -> any Executor { MeasuredExecutor(executor, metrics) }

  func observe(_ event: DaemonEvent) {
    switch event {
    case .scanned(let depths): scanned(depths)
    case .fileTaken: break
    case .fileEnded(let ending, let partner): metrics.fileEnded(FileResult(ending), partner: partner)
    case .batchWorked(let batch, let earlier, let later): worked(batch, earlier, later)
    case .failed(let code, _):
      metrics.failed(code: code)
      if let concern = HealthConcern(code: code) { health.failed(concern) }
    case .stopping: health.failed(.stopping)
    }
  }

  private func scanned(_ depths: QueueDepths) {
    metrics.depth(of: .inbox, is: depths.inbox)
    metrics.depth(of: .work, is: depths.work)
    metrics.depth(of: .ready, is: depths.ready)
    metrics.depth(of: .waiting, is: depths.waiting)
    metrics.depth(of: .held, is: depths.held.values.reduce(0, +))
    for hold in BatchHold.allCases { metrics.held(for: hold, count: depths.held[hold] ?? 0) }
    metrics.troubles(count: depths.troubles)
    let now = clock.now()
    metrics.oldestUnfinished(isSeconds: depths.oldest.map { Self.seconds(from: $0, to: now) } ?? 0)
    metrics.scanned(at: now)
    health.scanned()
    // Nothing is left that could have failed.
    if depths.work == 0, depths.ready == 0, depths.waiting == 0 { recover() }
  }

  private func worked(_ batch: BatchRecord, _ earlier: BatchSummary?, _ later: BatchSummary) {
    metrics.outcomesChanged(from: earlier, to: later)
    recover()
    guard batch.life.isFinal, let admitted = batch.decidedAt else { return }
    metrics.took(.seconds(Self.seconds(from: admitted, to: clock.now())), at: .batch)
  }

  private func recover() {
    for concern in HealthConcern.allCases where concern.isOfWork { health.recovered(from: concern) }
  }

  private static func seconds(from earlier: Timestamp, to later: Timestamp) -> Int64 {
    max(0, (later.millisecondsSinceEpoch - earlier.millisecondsSinceEpoch) / 1_000)
  }
}

extension FileResult {
  init(_ ending: FileEnding) {
    self =
      switch ending {
      case .completed: .completed
      case .partial: .partial
      case .repeated: .repeated
      case .rejected: .rejected
      }
  }
}

extension HealthConcern {
  /// What a failure with that code keeps from its work, when it is more than one batch.
  init?(code: String) {
    switch code {
    case "journal", "store", "missing-store": self = .journal
    case "wallet-unavailable", "wallet-store": self = .wallet
    case "not-writable", "output", "file", "unreadable", "unwritable": self = .spool
    case "keys", "crypto", "passphrase": self = .keys
    default: return nil
    }
  }

  /// Whether work that succeeds shows that it is over.
  var isOfWork: Bool {
    switch self {
    case .journal, .spool, .keys, .wallet: true
    case .starting, .scan, .stopping, .fatal: false
    }
  }
}
