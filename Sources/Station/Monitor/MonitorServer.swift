import Batch
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// Answers `/metrics`, `/health` and `/live` on the loopback interface, and nothing else.
public struct MonitorServer: Service {
  /// Where it listens.
  public enum Port: Hashable, Sendable {
    /// The port of that number.
    case number(Int)
    /// One that the system chooses.
    case any
  }

  private let port: Port
  private let responder: MonitorResponder
  private let logger: Logger
  private let onListening: @Sendable (Int) -> Void

  /// A server that begins to listen when it is run. `onListening` gets to know the port.
  public init(
    port: Port, registry: PrometheusRegistry, health: StationHealth, version: String, logger: Logger,
    onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.port = port
    self.logger = logger
    self.onListening = onListening
    responder = MonitorResponder(registry: registry, health: health, version: version)
  }

  /// Serves until the graceful shutdown of its group. A port that is taken stops no payment: it is tried for again.
  public func run() async throws {
    while !Task.isShuttingDownGracefully {
      do { return try await serve() } catch let error as IOError {
        logger.log(.error, "the port of health and metrics can't be used", .reason("\(error)"))
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(10)) }
    }
  }

  private func serve() async throws {
    let number =
      switch port {
      case .number(let number): number
      case .any: 0
      }
    // The server's own words about single requests are no matter for the log.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .error)
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          idleTimeout: .seconds(5),
          httpDecoderConfiguration: .init(maxHeaderFieldSize: 4_096, maxHeaderListSize: 8_192, maxHeaderFieldCount: 50))
      ),
      configuration: ApplicationConfiguration(
        address: .hostname("127.0.0.1", port: number), backlog: 16,
        availableConnectionsDelegate: MaximumAvailableConnections(16, logger: quiet)),
      onServerRunning: { [logger, onListening] channel in
        guard let port = channel.localAddress?.port else { return }
        logger.log(.info, "listening", .port(port))
        onListening(port)
      },
      logger: quiet)
    try await application.run()
  }
}

/// What is answered to a request; it looks at the method and the path only.
struct MonitorResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let registry: PrometheusRegistry
  let health: StationHealth
  let version: String

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    guard request.method == .get || request.method == .head else {
      return Self.response(.methodNotAllowed, "text/plain; charset=utf-8", [], [.allow: "GET, HEAD"])
    }
    switch request.uri.path {
    case "/metrics": return Self.response(.ok, PrometheusRegistry.contentType, registry.render())
    case "/health":
      let report = health.report()
      return Self.response(report.isReady ? .ok : .serviceUnavailable, "application/json", json(report))
    case "/live":
      let report = health.report()
      return Self.response(report.isLive ? .ok : .serviceUnavailable, "application/json", json(report))
    default: return Self.response(.notFound, "text/plain; charset=utf-8", Array("not found\n".utf8))
    }
  }

  private func json(_ report: StationHealth.Report) -> [UInt8] {
    report.json(version: version).serialized() + [UInt8(ascii: "\n")]
  }

  private static func response(
    _ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8], _ further: HTTPFields = [:]
  ) -> Response {
    var headers = further
    headers[.contentType] = type
    headers[.cacheControl] = "no-store"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
