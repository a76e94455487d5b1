import Batch
import Glibc
import Journal
import Logging
import Synchronization
import TestKit

@testable import Station

/// Entries of a trail, as the journal writes them.
enum Trail {
  static func entry(
    _ number: Int64, _ action: AuditAction = .resultPublished, partner: String? = "social-registry",
    batchID: String? = "VUP-1", _ details: [(String, String)] = published
  ) -> AuditEntry {
    var event = AuditEvent(action, by: .daemon, details: details.map { AuditEvent.Detail($0.0, $0.1) })
    event.partner = partner
    event.batchID = batchID
    event.file = "vup-1.p7m"
    return AuditEntry(
      number: number, at: Timestamp(millisecondsSinceEpoch: 1_795_309_323_000), event: event, previous: [], hash: [])
  }

  static let published = [
    ("revision", "1"), ("result", "social-registry/vup-1.result.p7m"), ("status", "completed"), ("succeeded", "2"),
    ("failed", "1"), ("pending", "0"), ("succeeded.RWF", "7500"),
  ]
}

/// A trail in memory whose cursor can break.
final class MemoryTrail: NoticeSource {
  struct Broken: Error {}

  private struct State {
    var entries: [AuditEntry] = []
    var positions: [String: Int64] = [:]
    var isBroken = false
  }

  private let state = Mutex(State())

  init(_ entries: [AuditEntry]) { state.withLock { $0.entries = entries } }

  var isBroken: Bool {
    get { state.withLock { $0.isBroken } }
    set { state.withLock { $0.isBroken = newValue } }
  }

  func append(_ entry: AuditEntry) { state.withLock { $0.entries.append(entry) } }
  func last() async throws -> Int64 { state.withLock { $0.entries.last?.number ?? 0 } }

  func entries(after number: Int64, of partner: String?, limit: Int) async throws -> [AuditEntry] {
    state.withLock { state in
      Array(
        state.entries.filter { $0.number > number && (partner == nil || $0.event.partner == partner) }.prefix(limit))
    }
  }

  func position(of reader: String) async throws -> Int64 { state.withLock { $0.positions[reader] ?? 0 } }

  func setPosition(_ number: Int64, of reader: String) async throws {
    try state.withLock { state in
      if state.isBroken { throw Broken() }
      state.positions[reader] = number
    }
  }
}

/// Where notices go in a test, and what they are delivered with.
struct NoticeKit: Sendable {
  let directory: TemporaryDirectory
  let registry = PrometheusRegistry()
  let log: LogCapture

  init() throws {
    directory = try TemporaryDirectory()
    log = try LogCapture()
  }

  var figures: String { String(decoding: registry.render(), as: UTF8.self) }

  func parts(_ source: any NoticeSource) -> NoticeCourier.Parts {
    var parts = NoticeCourier.Parts(
      source: source, processorID: "treasury-disburse", outbox: "/home/spool/outbox",
      metrics: StationMetrics(in: registry), logger: log.logger(), gate: NoticeGate(places: 4))
    parts.settings.attempts = 3
    parts.settings.firstPause = .zero
    return parts
  }

  /// A directory for messages.
  func place(_ name: String = "messages") throws -> String {
    try Command.tool("mkdir", ["-p", directory.file(name)])
    return directory.file(name)
  }

  /// A program whose shell commands are these.
  func program(_ commands: String, as name: String = "tell") throws -> String {
    let path = try directory.write("#!/bin/sh\n\(commands)\n".utf8, as: name)
    chmod(path, 0o700)
    return path
  }

  func names(in place: String) throws -> [String] {
    try TemporaryDirectory.files(under: place).map { String($0.dropFirst(place.utf8.count + 1)) }.sorted()
  }

  func lines(of name: String) throws -> [String] {
    try String(decoding: directory.read(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Waits for what another task does; the test's time limit ends what never comes.
func eventually(_ condition: () throws -> Bool) async throws {
  while try !condition() { await Task.yield() }
}
