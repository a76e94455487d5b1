import CoreMetrics
import Logging
import ServiceLifecycle
import Station
import TestKit
import Testing

@Suite("the health server")
struct MonitorServerTests {
  private let registry = PrometheusRegistry()
  private let health = StationHealth(maximumScanAge: .seconds(3_600))

  private func withServer(_ body: (Int) async throws -> Void) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = MonitorServer(
      port: .any, registry: registry, health: health, version: "0.1.0", logger: try LogCapture().logger()
    ) { continuation.yield($0) }
    let group = ServiceGroup(services: [server], logger: try LogCapture().logger())
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var iterator = ports.makeAsyncIterator()
      let port = try #require(await iterator.next())
      do { try await body(port) } catch {
        tasks.cancelAll()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test("figures are told as Prometheus wants them")
  func metrics() async throws {
    Counter(label: "a_total", factory: registry).increment(by: 3)
    try await withServer { port in
      let answer = try await Loopback.request("/metrics", port: port)
      #expect(answer.status == 200)
      #expect(answer.header.contains("content-type: text/plain; version=0.0.4; charset=utf-8"))
      #expect(answer.body == "# TYPE a_total counter\na_total 3\n")
    }
  }

  @Test("health is 503 with its reasons until all is well, then 200")
  func healthStatus() async throws {
    try await withServer { port in
      let starting = try await Loopback.request("/health", port: port)
      #expect(starting.status == 503)
      #expect(starting.body == #"{"status":"failing","version":"0.1.0","reasons":["starting"]}"# + "\n")
      let live = try await Loopback.request("/live", port: port)
      #expect(live.status == 200)
      health.scanned()
      let ready = try await Loopback.request("/health", port: port)
      #expect(ready.status == 200)
      #expect(ready.header.contains("content-type: application/json"))
      #expect(ready.body == #"{"status":"ok","version":"0.1.0"}"# + "\n")
      health.failed(.fatal)
      let dead = try await Loopback.request("/live", port: port)
      #expect(dead.status == 503)
    }
  }

  @Test("there is nothing else", arguments: ["/", "/metrics/", "/../metrics", "/health/x", "//metrics", "/debug"])
  func nothingElse(path: String) async throws {
    try await withServer { port in
      let answer = try await Loopback.request(path, port: port)
      #expect(answer.status == 404)
    }
  }

  @Test("nothing can be done", arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
  func readOnly(method: String) async throws {
    try await withServer { port in
      let answer = try await Loopback.request("/health", method: method, port: port)
      #expect(answer.status == 405)
    }
  }

  @Test("a header that is too long is refused")
  func longHeader() async throws {
    try await withServer { port in
      let header = String(repeating: "x", count: 20_000)
      let request = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: \(header)\r\n\r\n"
      // A connection that is closed with something unread in it is reset, and the answer may be lost with it.
      let refusal = try? await Loopback.send(request, port: port)
      #expect(refusal == nil || refusal?.status == 400)
      let next = try await Loopback.request("/live", port: port)
      #expect(next.status == 200)
    }
  }

  @Test("it listens on the loopback address only")
  func loopbackOnly() async throws {
    try await withServer { port in
      let table = try String(decoding: TemporaryDirectory.bytes(of: "/proc/net/tcp"), as: UTF8.self)
      let hexadecimal = String(port, radix: 16, uppercase: true)
      let ending = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      let rows = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      // State 0A is listening.
      let listening = rows.filter { row in row.count > 3 && row[1].hasSuffix(ending) && row[3] == "0A" }
      #expect(listening.map { row in row[1] } == ["0100007F" + ending])
    }
  }
}
