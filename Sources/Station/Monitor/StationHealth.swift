import Batch
import Synchronization

/// What keeps the daemon from its work.
public enum HealthConcern: String, Hashable, Sendable, CaseIterable {
  /// It has not looked at the inbox yet.
  case starting
  /// The inbox was not looked through for too long.
  case scan
  /// The journal, or another store, can't be written or read.
  case journal
  /// The spool can't be used.
  case spool
  /// A key or certificate of the processor can't be used.
  case keys
  /// The wallet is not available.
  case wallet
  /// It is ending.
  case stopping
  /// Only a new start helps.
  case fatal
}

/// Whether the daemon does its work; parts report to it, and the health server asks it.
public final class StationHealth: Sendable {
  /// What is told to whoever asks.
  public struct Report: Hashable, Sendable {
    /// Why it does not do its work, in order; empty when it does.
    public var concerns: [HealthConcern]
    /// Whether only a new start helps.
    public var isLive: Bool { !concerns.contains(.fatal) }
    /// Whether all is well.
    public var isReady: Bool { concerns.isEmpty }
  }

  private struct State {
    var concerns: Set<HealthConcern> = [.starting]
    var lastScan: ContinuousClock.Instant?
  }

  private let maximumScanAge: Duration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Mutex(State())

  /// - Parameters:
  ///   - maximumScanAge: How long ago the last look at the inbox may be: some times the pause between two.
  ///   - now: A steady clock: the time of day jumps.
  public init(
    maximumScanAge: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.maximumScanAge = maximumScanAge
    self.now = now
  }

  /// The inbox was looked through.
  public func scanned() {
    let now = now()
    state.withLock {
      $0.lastScan = now
      $0.concerns.remove(.starting)
    }
  }

  /// Something keeps it from its work, until `recovered`.
  public func failed(_ concern: HealthConcern) { state.withLock { _ = $0.concerns.insert(concern) } }

  /// It is well again. What is fatal stays.
  public func recovered(from concern: HealthConcern) {
    guard concern != .fatal else { return }
    state.withLock { _ = $0.concerns.remove(concern) }
  }

  /// How it is now.
  public func report() -> Report {
    let now = now()
    return state.withLock { state in
      var concerns = state.concerns
      if let last = state.lastScan, last.duration(to: now) > maximumScanAge { concerns.insert(.scan) }
      return Report(concerns: HealthConcern.allCases.filter(concerns.contains))
    }
  }
}

extension StationHealth.Report {
  /// `{"status":"ok"}`, or `{"status":"failing","reasons":["journal"]}`.
  func json(version: String) -> JSONValue {
    .object(
      [("status", .string(isReady ? "ok" : "failing")), ("version", .string(version))]
        + (isReady ? [] : [("reasons", .array(concerns.map { .string($0.rawValue) }))]))
  }
}
