import Batch
import Journal
import Logging

/// Delivers to one target, in the trail's order, each notice at least once: the cursor moves when a notice has arrived.
struct NoticeCourier: Sendable {
  /// What all couriers have in common.
  struct Parts: Sendable {
    let source: any NoticeSource
    let processorID: String
    let outbox: String
    let metrics: StationMetrics
    let logger: Logger
    /// Keeps the number of programs that run at once small.
    let gate: NoticeGate
    var settings = NoticeSettings()
  }

  /// How many entries are read at a time.
  private static let entriesPerPage = 256
  /// What is read without finding a notice is written down once in so many entries.
  private static let entriesPerCursorWrite: Int64 = 4_096

  let target: NoticeTarget
  let parts: Parts

  /// Delivers all that is there now.
  ///
  /// - Parameter mayGoOn: asked before each notice; what is left then comes at the next start.
  func drain(while mayGoOn: @Sendable () -> Bool = { true }) async throws {
    let reader = target.reader
    var position = try await parts.source.position(of: reader)
    var written = position
    var page: [AuditEntry]
    repeat {
      page = try await parts.source.entries(after: position, of: target.partner, limit: Self.entriesPerPage)
      for entry in page {
        if let notice = Notice(entry) {
          guard mayGoOn() else { return }
          try await deliver(notice)
          try await parts.source.setPosition(entry.number, of: reader)
          written = entry.number
        }
        position = entry.number
      }
      if position - written >= Self.entriesPerCursorWrite {
        try await parts.source.setPosition(position, of: reader)
        written = position
      }
    } while page.count == Self.entriesPerPage
  }

  /// A new target is told of what comes, not of what was: before the first entry that it could want, it has a cursor.
  func begin(at number: Int64) async throws {
    guard try await parts.source.position(of: target.reader) == 0 else { return }
    // Before the first entry is -1, since 0 is said of a reader that never was anywhere.
    try await parts.source.setPosition(number == 0 ? -1 : number, of: target.reader)
  }

  private func deliver(_ notice: Notice) async throws {
    let message = notice.message(from: parts.processorID, outbox: parts.outbox)
    var attempt = 1
    while true {
      do throws(NoticeError) {
        try await attemptDelivery(notice, message)
        parts.metrics.notice(.delivered)
        parts.logger.log(.debug, "notice delivered", .entry(notice.entry), .state(notice.event.rawValue))
        return
      } catch {
        // Not the target's fault: the notice comes again at the next start.
        try Task.checkCancellation()
        guard attempt < parts.settings.attempts else {
          parts.metrics.notice(.abandoned)
          parts.logger.log(
            .error, "notice given up", .entry(notice.entry), .state(notice.event.rawValue), .attempt(attempt),
            .reason("\(error)"))
          return
        }
        parts.metrics.notice(.retried)
        parts.logger.log(
          .warning, "notice failed and is tried again", .entry(notice.entry), .attempt(attempt), .reason("\(error)"))
      }
      try await Task.sleep(for: parts.settings.pause(after: attempt))
      attempt += 1
    }
  }

  private func attemptDelivery(_ notice: Notice, _ message: [UInt8]) async throws(NoticeError) {
    await parts.gate.enter()
    let result: Result<Void, NoticeError>
    do throws(NoticeError) {
      result = .success(try await target.deliver(notice, message, timeLimit: parts.settings.timeLimit))
    } catch { result = .failure(error) }
    await parts.gate.leave()
    try result.get()
  }
}

/// How patient a courier is.
struct NoticeSettings: Sendable {
  /// After so many attempts a notice is given up.
  var attempts = 8
  /// The pause after the first attempt; each later one is twice as long.
  var firstPause = Duration.seconds(2)
  /// No pause is longer.
  var longestPause = Duration.seconds(120)
  /// How long a program may take.
  var timeLimit = Duration.seconds(30)

  func pause(after attempt: Int) -> Duration { min(longestPause, firstPause * (1 << min(attempt - 1, 20))) }
}

/// Lets a small number in at a time, first come, first served.
actor NoticeGate {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { free = places }

  func enter() async {
    if free > 0 {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func leave() {
    // A place goes to who waits longest; it is never free in between.
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
