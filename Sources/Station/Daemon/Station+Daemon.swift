import Dispatch
import Glibc
import Journal
import Logging
import Pipeline
import ServiceLifecycle
import UnixSignals

extension Station {
  /// Runs the daemon until SIGTERM or SIGINT, and for at most some seconds longer; with its health, figures and notices.
  ///
  /// - Parameters:
  ///   - once: Whether it ends when nothing is left that can be done now.
  ///   - version: The program's, for the figures.
  /// - Returns: what it came to.
  @discardableResult
  public func run(once: Bool, version: String) async throws -> DaemonTally {
    let log = configuration.logger("daemon", clock: clock)
    let registry = PrometheusRegistry()
    let metrics = StationMetrics(in: registry)
    metrics.started(version: version)
    // Some looks may be missed before it is told, a long one among them.
    let health = StationHealth(maximumScanAge: .seconds(max(60, configuration.spool.scanSeconds * 12)))
    let journal = try journal()
    let notices = notices(from: journal, metrics: metrics, logger: configuration.logger("notices", clock: clock))
    let daemon = try await daemon(
      over: journal, observer: StationObserver(metrics: metrics, health: health, clock: clock), log: log,
      endsWhenIdle: once)
    // A target that is new is told of what comes from here on.
    try await notices.prepare()
    var services: [any Service] = []
    if !once {
      if configuration.monitorPort != 0 {
        services.append(
          MonitorServer(
            port: .number(configuration.monitorPort), registry: registry, health: health, version: version,
            logger: configuration.logger("monitor", clock: clock)))
      }
      services.append(notices)
    }
    try await run(daemon, beside: services, log)
    if once { await notices.deliverPending() }
    return await daemon.tally
  }

  /// The daemon of this home, which has not begun.
  private func daemon(
    over journal: SQLiteJournal, observer: any DaemonObserver, log: Logger, endsWhenIdle: Bool
  ) async throws -> Daemon {
    var limits = Schedule.Limits()
    limits.filesAtOnce = configuration.spool.filesAtOnce
    limits.batchesAtOnce = configuration.batchesAtOnce
    let spool = Spool(directory: SpoolDirectory(path: home.spool), outbox: Outbox(path: home.outbox), clock: clock)
    return Daemon(
      Daemon.Parts(
        home: home, spool: spool, partners: partners, pipeline: try await pipeline(over: journal), journal: journal,
        locks: LockDirectory(path: home.locks), settings: configuration.spool, limits: limits, observer: observer,
        log: log), endsWhenIdle: endsWhenIdle)
  }

  private func run(_ daemon: Daemon, beside services: [any Service], _ log: Logger) async throws {
    var quiet = log
    quiet.logLevel = max(log.logLevel, .error)
    // The last one is stopped first: nothing new is begun while those beside it can still tell of the end.
    var configurations = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
    configurations.append(
      .init(
        service: daemon, successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .gracefullyShutdownGroup))
    configurations.append(.init(service: StopDeadline(log: log), successTerminationBehavior: .ignore))
    let group = ServiceGroup(
      configuration: .init(services: configurations, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    try await group.run()
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
