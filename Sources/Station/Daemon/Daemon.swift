import Batch
import Dispatch
import Journal
import Logging
import Partners
import Pipeline
public import ServiceLifecycle
import Synchronization

/// Works on everything that comes: files from the inboxes, and all batches of the journal that are not finished.
///
/// What to do next is decided by a `Schedule`, a value; this carries it out. Whatever stops it, the next one goes on from
/// the spool and the journal: nothing is only in memory.
public actor Daemon: Service {
  /// What a daemon is put together from.
  struct Parts: Sendable {
    var home: Home
    var spool: Spool
    var partners: PartnerDirectory
    var pipeline: Pipeline
    var journal: any Journal
    var locks: LockDirectory
    var settings: SpoolSettings
    var limits: Schedule.Limits
    var observer: any DaemonObserver
    var log: Logger
    /// Writes down in the audit trail that it began, or stopped.
    var note: @Sendable (AuditAction) async throws -> Void = { _ in }
  }

  let parts: Parts
  let receiver: Receiver
  /// Whether it ends when nothing is left that can be done now.
  let endsWhenIdle: Bool
  let start = ContinuousClock.now
  let sink: AsyncStream<Signal>.Continuation
  private let signals: AsyncStream<Signal>
  private let isLookAsked = Mutex(false)
  private var notifier: InboxNotifier?

  var schedule: Schedule
  var watch: InboxWatch
  var waiting = WaitingRoom()
  var records: [BatchNumber: BatchRecord] = [:]
  var lineCounts: [BatchNumber: Int] = [:]
  var troubles: Set<InboxScan.Trouble> = []
  /// What was told to be held.
  var holds: [BatchNumber: BatchHold] = [:]
  /// What was taken and is not in the journal, and where it came from.
  var receiving: Set<Schedule.FileJob> = []
  var scanning = Scanning()
  var movingCount = 0
  var isIndexing = false
  var isStopping = false
  var failure: (any Error)?
  /// What a run came to.
  public internal(set) var tally = DaemonTally()

  init(_ parts: Parts, endsWhenIdle: Bool) {
    self.parts = parts
    self.endsWhenIdle = endsWhenIdle
    receiver = Receiver(
      spool: parts.spool, pipeline: parts.pipeline, journal: parts.journal, observer: parts.observer, log: parts.log)
    schedule = Schedule(parts.limits)
    watch = InboxWatch(
      .init(
        settle: .seconds(parts.settings.settleSeconds), truncatedAfter: .seconds(parts.settings.truncatedAfterSeconds)))
    (signals, sink) = AsyncStream.makeStream(of: Signal.self)
  }

  /// Runs until it is told to stop, or until an error that only a new start mends.
  ///
  /// - Throws: `StationError.daemonRuns` when the home has a daemon already; what ended it otherwise.
  public func run() async throws {
    let lock = try await DaemonLock(in: parts.home)
    defer { lock.release() }
    try parts.locks.sweep()
    let jobs = try await recover()
    notifier = InboxNotifier { [weak self] in self?.lookSoon() }
    try await parts.note(.daemonStarted)
    parts.log.info("daemon started", metadata: ["home": "\(parts.home.path)", "inotify": "\(notifier != nil)"])
    await withGracefulShutdownHandler {
      await work(jobs, lock)
    } onGracefulShutdown: { [sink] in
      sink.yield(.stop)
    }
    if let failure { throw failure }
    try await parts.note(.daemonStopped)
    parts.log.info("daemon stopped")
  }

  private func work(_ jobs: [Schedule.FileJob], _ lock: DaemonLock) async {
    await withDiscardingTaskGroup { group in
      group.addTask { [sink] in
        // Its own pace: times to come and pauses are looked at once a second.
        while !Task.isCancelled {
          sink.yield(.tick)
          try? await Task.sleep(for: .seconds(1))
        }
      }
      var touched = ContinuousClock.now
      for job in jobs { begin(schedule.handle(.taken(job), at: moment()), in: &group) }
      for await signal in signals {
        handle(signal, in: &group)
        if ContinuousClock.now - touched >= DaemonLock.touchPause {
          touched = .now
          do { try lock.touch() } catch { stop(for: error) }
        }
        if isStopping { group.cancelAll() }
        if isDone { break }
      }
      group.cancelAll()
    }
  }

  /// The present instant by both clocks.
  func moment() -> InboxWatch.Moment {
    InboxWatch.Moment(wall: parts.spool.clock.now(), uptime: ContinuousClock.now - start)
  }

  /// Has the inboxes looked at soon; many events ask for it once.
  private nonisolated func lookSoon() {
    let isFirst = isLookAsked.withLock { isAsked in
      defer { isAsked = true }
      return !isAsked
    }
    if isFirst { sink.yield(.look) }
  }

  /// From here on another event asks again.
  func lookBegins() { isLookAsked.withLock { $0 = false } }

  /// Watches the inboxes of `partners`.
  func watchInboxes(of partners: [String]) {
    let directory = parts.spool.directory
    notifier?.watch([directory.inbox] + partners.map(directory.inbox(of:)))
  }

  /// Begins nothing more, and ends with `error`.
  func stop(for error: any Error) {
    failure = failure ?? error
    isStopping = true
    _ = schedule.handle(.stop, at: moment())
  }

  private var isDone: Bool {
    guard schedule.runningCount == 0, !scanning.isRunning, movingCount == 0, !isIndexing else { return false }
    if isStopping { return true }
    return endsWhenIdle && schedule.isIdle && scanning.isQuiet
  }
}

/// What a daemon came to before it ended.
public struct DaemonTally: Hashable, Sendable {
  /// Files that were refused.
  public var rejectedFiles = 0
  /// Batches that were worked on and are finished.
  public var finishedBatches = 0
  /// Instructions of those that failed.
  public var failedInstructions = 0
  /// Batches and files that could not be finished, and are tried again by the next daemon.
  public var unfinished = 0
  /// Nothing done.
  public init() {}
}
