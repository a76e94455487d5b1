import Dispatch
import Glibc
public import Logging
import Pipeline
public import ServiceLifecycle
import UnixSignals

extension Station {
  /// The daemon of this home, which has not begun.
  ///
  /// - Parameter endsWhenIdle: Whether it ends when nothing is left that can be done now.
  func daemon(observer: any DaemonObserver, log: Logger, endsWhenIdle: Bool) async throws -> Daemon {
    let journal = try journal()
    let pipeline = try await pipeline(over: journal, following: observer.following)
    var limits = Schedule.Limits()
    limits.filesAtOnce = configuration.spool.filesAtOnce
    limits.batchesAtOnce = configuration.batchesAtOnce
    let spool = Spool(directory: SpoolDirectory(path: home.spool), outbox: Outbox(path: home.outbox), clock: clock)
    return Daemon(
      Daemon.Parts(
        home: home, spool: spool, partners: partners, pipeline: pipeline, journal: journal,
        locks: LockDirectory(path: home.locks), settings: configuration.spool, limits: limits, observer: observer,
        log: log, note: { [self] in try await noteDaemon($0) }), endsWhenIdle: endsWhenIdle)
  }

  /// Runs the daemon until SIGTERM or SIGINT, and for at most some seconds longer.
  ///
  /// - Parameters:
  ///   - once: Whether it ends when nothing is left that can be done now.
  ///   - services: What runs beside it, and is stopped after it.
  /// - Returns: what it came to.
  @discardableResult
  public func run(
    once: Bool, log: Logger, observer: (any DaemonObserver)? = nil, beside services: [any Service] = []
  ) async throws -> DaemonTally {
    let daemon = try await daemon(observer: observer ?? NoDaemonObserver(), log: log, endsWhenIdle: once)
    var quiet = log
    quiet.logLevel = .error
    // The last one is stopped first.
    var configurations = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
    configurations.append(
      .init(
        service: daemon, successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .gracefullyShutdownGroup))
    configurations.append(.init(service: StopDeadline(log: log), successTerminationBehavior: .ignore))
    let group = ServiceGroup(
      configuration: .init(services: configurations, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    try await group.run()
    return await daemon.tally
  }
}

/// Ends the process when it takes too long to stop: everything is made to be killed, and whoever asked it to stop waits
/// for ten seconds.
private struct StopDeadline: Service {
  static let seconds = 8

  let log: Logger

  func run() async throws {
    try await gracefulShutdown()
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.seconds)) {
      log.warning("what is under way took too long to stop, and is taken up again at the next start")
      _exit(0)
    }
  }
}
