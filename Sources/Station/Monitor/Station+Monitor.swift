import Logging
import ServiceLifecycle

extension Station {
  /// The daemon with all that tells of it: log, figures, health, notices.
  ///
  /// - Parameters:
  ///   - once: Whether it ends when nothing is left that can be done now, with all notices delivered; nobody asks such a
  ///     run how it is, so it has no port.
  ///   - version: What the figures name as running.
  /// - Returns: what it came to.
  public func serve(once: Bool, version: String) async throws -> DaemonTally {
    let log = configuration.logger("disburse", clock: clock)
    // Handed on, not bootstrapped: nobody else in the process has figures.
    let registry = PrometheusRegistry()
    let metrics = StationMetrics(in: registry)
    metrics.started(version: version)
    let health = StationHealth(maximumScanAge: .seconds(max(60, 4 * configuration.spool.scanSeconds)))
    let notices = notices(
      from: try journal(), metrics: metrics, logger: configuration.logger("notices", clock: clock))
    // Before anything happens that somebody should be told of.
    try await notices.prepare()
    let monitor = DaemonMonitor(metrics: metrics, health: health, clock: clock)
    guard !once else {
      let tally = try await run(once: true, log: log, observer: monitor)
      await notices.deliverPending()
      return tally
    }
    var services: [any Service] = [notices]
    if configuration.monitorPort > 0 {
      services.append(
        MonitorServer(
          port: .number(configuration.monitorPort), registry: registry, health: health, version: version,
          logger: configuration.logger("monitor", clock: clock)))
    }
    return try await run(once: false, log: log, observer: monitor, beside: services)
  }
}
