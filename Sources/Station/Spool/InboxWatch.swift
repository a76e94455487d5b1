import Batch
import Envelope

/// Watches files in inboxes until they are whole, as a pure value: what was seen goes in, what to do comes out.
///
/// A partner that renames when it is done can't be told from one that does not, so every file waits until it has been
/// still, and until its framing is whole.
struct InboxWatch: Sendable {
  /// For how long a file must have been still.
  struct Rule: Hashable, Sendable {
    /// Before it is looked into.
    var settle: Duration
    /// Before one that ends too early is taken nevertheless, and rejected for it.
    var truncatedAfter: Duration
  }

  /// An instant by both clocks: the machine's, which may be set, and one that only goes on.
  struct Moment: Hashable, Sendable {
    var wall: Timestamp
    var uptime: Duration
  }

  /// What to do with a file now.
  enum Verdict: Hashable, Sendable {
    case take
    /// It may be taken when it stays as it is for so long.
    case settling(Duration)
    /// It ends too early; more of it may come.
    case incomplete
  }

  private struct Watched: Sendable {
    var stamp: DroppedFile.Stamp
    var since: Duration
    var framing: SealedFraming?
  }

  let rule: Rule
  private var watched: [DroppedFile.Key: Watched] = [:]

  init(_ rule: Rule) { self.rule = rule }

  /// Judges a file that was seen at `moment`; `framing` is asked when it has been still for long enough.
  mutating func judge(
    _ file: DroppedFile, at moment: Moment, framing: () throws -> SealedFraming
  ) rethrows -> Verdict {
    var present = watched[file.key] ?? Watched(stamp: file.stamp, since: moment.uptime)
    if present.stamp != file.stamp { present = Watched(stamp: file.stamp, since: moment.uptime) }
    watched[file.key] = present
    let still = stillness(of: file, since: present.since, at: moment)
    guard still >= rule.settle else { return .settling(rule.settle - still) }
    let found = try present.framing ?? framing()
    watched[file.key]?.framing = found
    switch found {
    case .whole, .none: return .take
    case .endsEarly: return still >= rule.truncatedAfter ? .take : .incomplete
    }
  }

  /// By the file's own times where they are past, and by our watching where they are not: a clock that was set, or a
  /// writer that sets times to come, holds nothing up for ever.
  private func stillness(of file: DroppedFile, since: Duration, at moment: Moment) -> Duration {
    let last = max(file.stamp.modified / 1_000_000, file.changed.millisecondsSinceEpoch)
    return max(moment.uptime - since, .milliseconds(moment.wall.millisecondsSinceEpoch - last))
  }

  /// Forgets the files that are not there any more.
  mutating func keep(only present: Set<DroppedFile.Key>) {
    watched = watched.filter { present.contains($0.key) }
  }
}
