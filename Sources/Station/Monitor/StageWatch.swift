public import Pipeline
import Synchronization

/// Measures the stages of one piece of work from what its pipeline says of its progress.
public final class StageWatch<Time: Clock>: WorkObserver where Time.Duration == Duration, Time: Sendable {
  private struct State: Sendable {
    var stage: MeasuredStage?
    var since: Time.Instant
  }

  private let metrics: StationMetrics
  private let clock: Time
  private let state: Mutex<State>

  /// A watch that starts now.
  public init(_ metrics: StationMetrics, clock: Time) {
    self.metrics = metrics
    self.clock = clock
    state = Mutex(State(since: clock.now))
  }

  /// Takes what a `ProgressObserver` gets; what comes first in a stage ends the one before.
  public func observe(_ progress: Progress) {
    let stage: MeasuredStage =
      switch progress {
      case .opening: .open
      case .admitting: .admit
      case .dispatching: .dispatch
      case .waiting: .wait
      case .publishing: .publish
      }
    turn(to: stage)
  }

  /// The work ended, for now or for ever.
  public func stop(isFinished: Bool) { turn(to: nil) }

  private func turn(to stage: MeasuredStage?) {
    let now = clock.now
    let ended: (MeasuredStage, Duration)? = state.withLock { state in
      guard state.stage != stage else { return nil }
      defer { (state.stage, state.since) = (stage, now) }
      return state.stage.map { ($0, state.since.duration(to: now)) }
    }
    if let (stage, duration) = ended { metrics.took(duration, at: stage) }
  }
}

extension StageWatch<ContinuousClock> {
  /// A watch by the machine's steady clock.
  public convenience init(_ metrics: StationMetrics) { self.init(metrics, clock: ContinuousClock()) }
}
