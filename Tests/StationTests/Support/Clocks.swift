import Batch
import Synchronization

/// Tells the time that the test sets.
final class MovableClock: WallClock {
  private let instant: Mutex<Timestamp>

  init(_ rfc3339: String = "2026-11-22T01:02:03Z") {
    instant = Mutex(Timestamp(rfc3339: rfc3339) ?? Timestamp(millisecondsSinceEpoch: 0))
  }

  func now() -> Timestamp { instant.withLock { $0 } }

  func advance(milliseconds: Int64) {
    instant.withLock { $0 = Timestamp(millisecondsSinceEpoch: $0.millisecondsSinceEpoch + milliseconds) }
  }
}

/// A steady clock that only the test moves.
final class SteadyClock: Clock {
  typealias Duration = Swift.Duration
  typealias Instant = ContinuousClock.Instant

  private let instant = Mutex(ContinuousClock.now)

  var now: Instant { instant.withLock { $0 } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func advance(by duration: Duration) { instant.withLock { $0 = $0.advanced(by: duration) } }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws { advance(by: now.duration(to: deadline)) }
}
