import Batch
import Journal

/// Makes figures and health of what the daemon tells.
struct StationObserver: DaemonObserver {
  let metrics: StationMetrics
  let health: StationHealth
  let clock: any WallClock

  func observe(_ event: DaemonEvent) {
    switch event {
    case .scanned(let depths): scanned(depths)
    case .fileTaken: break
    case .fileEnded(let ending, let partner):
      let result: FileResult =
        switch ending {
        case .completed: .completed
        case .partial: .partial
        case .repeated: .repeated
        case .rejected: .rejected
        }
      metrics.fileEnded(result, partner: partner)
    case .batchWorked(_, let before, let after):
      health.recovered(from: .wallet)
      metrics.outcomesChanged(from: before, to: after)
    case .failed(let code, _):
      metrics.failed(code: code)
      if let concern = Self.concern(of: code) { health.failed(concern) }
    case .stopping: health.failed(.stopping)
    }
  }

  func begin() -> any WorkObserver { StageWatch(metrics) }

  private func scanned(_ depths: QueueDepths) {
    let now = clock.now()
    health.scanned()
    // Both were read and found well.
    health.recovered(from: .journal)
    health.recovered(from: .spool)
    metrics.scanned(at: now)
    metrics.depth(of: .inbox, is: depths.inbox)
    metrics.depth(of: .work, is: depths.work)
    metrics.depth(of: .ready, is: depths.ready)
    metrics.depth(of: .waiting, is: depths.waiting)
    metrics.depth(of: .held, is: depths.held.values.reduce(0, +))
    for cause in BatchHold.allCases { metrics.held(for: cause, count: depths.held[cause] ?? 0) }
    let age = depths.oldest.map { (now.millisecondsSinceEpoch - $0.millisecondsSinceEpoch) / 1_000 }
    metrics.oldestUnfinished(isSeconds: age ?? 0)
  }

  /// What an error says of the whole; `nil` for one of a single file or batch.
  private static func concern(of code: String) -> HealthConcern? {
    switch code {
    case "wallet-unavailable": .wallet
    case "journal": .journal
    case "store", "not-writable", "output": .spool
    default: nil
    }
  }
}

extension StageWatch: WorkObserver {}
