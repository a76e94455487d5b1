/// An instant in milliseconds since 1970-01-01T00:00:00Z, as the journal stores it.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since the epoch, leap seconds not counted.
  public let millisecondsSinceEpoch: Int64

  /// The instant `millisecondsSinceEpoch` after the epoch.
  public init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  /// Earlier comes first.
  public static func < (left: Self, right: Self) -> Bool { left.millisecondsSinceEpoch < right.millisecondsSinceEpoch }
}

/// What tells the time. The only place that reads the machine's clock conforms to it, so that a test can move time.
public protocol WallClock: Sendable {
  /// The present instant.
  func now() -> Timestamp
}
