public import Journal
public import Logging
import Partners
public import ServiceLifecycle
import Synchronization

/// Tells partners and the operator of batches that are held, rejected or done, beside the daemon's work and never in its
/// way.
public struct NoticeService: Service {
  private let parts: NoticeCourier.Parts
  private let targets: @Sendable () throws -> [NoticeTarget]
  private let pause: Duration
  /// How long what is being delivered may take when the daemon ends.
  private let patience: Duration

  init(
    _ parts: NoticeCourier.Parts, pause: Duration = .seconds(2), patience: Duration = .seconds(5),
    targets: @escaping @Sendable () throws -> [NoticeTarget]
  ) {
    self.parts = parts
    self.pause = pause
    self.patience = patience
    self.targets = targets
  }

  /// Delivers until the graceful shutdown of its group. What is not delivered by then is so after the next start.
  public func run() async throws {
    let stop = Stop()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await gracefulShutdown()
        stop.order()
        try await Task.sleep(for: patience)
      }
      group.addTask { await deliver { !stop.isOrdered } }
      // Whichever ends first ends the other: patience, or the last delivery.
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Delivers everything that is there now, to every target, and comes back.
  public func deliverPending() async {
    let last = (try? await parts.source.last()) ?? 0
    await withTaskGroup(of: Void.self) { group in
      for target in allTargets() {
        group.addTask { await drain(target, beginningAt: last) { true } }
      }
    }
  }

  /// Gives every target its place in the trail, before anything happens that it should be told of.
  public func prepare() async throws {
    let last = try await parts.source.last()
    for target in allTargets() { try await NoticeCourier(target: target, parts: parts).begin(at: last) }
  }

  private func deliver(while mayGoOn: @escaping @Sendable () -> Bool) async {
    let runs = Runs()
    await withDiscardingTaskGroup { group in
      while mayGoOn(), !Task.isCancelled {
        let last = (try? await parts.source.last()) ?? 0
        for target in allTargets() {
          guard runs.begin(target, at: last) else { continue }
          group.addTask {
            await drain(target, beginningAt: last, while: mayGoOn)
            runs.end(target)
          }
        }
        try? await Task.sleep(for: pause)
      }
    }
  }

  private func drain(
    _ target: NoticeTarget, beginningAt last: Int64, while mayGoOn: @escaping @Sendable () -> Bool
  ) async {
    let courier = NoticeCourier(target: target, parts: parts)
    do {
      try await courier.begin(at: last)
      try await courier.drain(while: mayGoOn)
    } catch is CancellationError {
    } catch {
      parts.logger.log(.error, "notices can't be read", error: error)
    }
  }

  private func allTargets() -> [NoticeTarget] {
    do { return try targets() } catch {
      parts.logger.log(.error, "the targets of notices can't be read", error: error)
      return []
    }
  }
}

extension Station {
  /// The notices of this home, from `journal`.
  public func notices(from journal: any Journal, metrics: StationMetrics, logger: Logger) -> NoticeService {
    let (partners, configuration) = (partners, configuration)
    return NoticeService(
      NoticeCourier.Parts(
        source: JournalNoticeSource(journal: journal), processorID: configuration.processorID, outbox: home.outbox,
        metrics: metrics, logger: logger, gate: NoticeGate(places: 4))
    ) {
      try NoticeTarget.all(configuration.notices, of: .operator)
        + partners.all().flatMap { NoticeTarget.all($0.policy.notices, of: .partner($0.name)) }
    }
  }
}

/// Says that nothing new is begun.
private final class Stop: Sendable {
  private let flag = Atomic(false)
  var isOrdered: Bool { flag.load(ordering: .acquiring) }
  func order() { flag.store(true, ordering: .releasing) }
}

/// Which targets are delivered to now, and where the trail ended when each was looked at last.
private final class Runs: Sendable {
  private struct Run {
    var isGoingOn: Bool
    let last: Int64
  }

  private let runs = Mutex<[NoticeTarget: Run]>([:])

  /// Whether there may be something for the target that nobody delivers yet; it is going on from here.
  func begin(_ target: NoticeTarget, at last: Int64) -> Bool {
    runs.withLock { runs in
      if let run = runs[target], run.isGoingOn || run.last == last { return false }
      runs[target] = Run(isGoingOn: true, last: last)
      return true
    }
  }

  func end(_ target: NoticeTarget) { runs.withLock { $0[target]?.isGoingOn = false } }
}
