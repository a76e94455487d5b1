import Glibc

/// The machine's clock; nothing else reads it.
public struct SystemClock: WallClock {
  /// The machine's clock.
  public init() {}

  /// The present instant of `CLOCK_REALTIME`.
  public func now() -> Timestamp {
    var time = timespec()
    let status = clock_gettime(CLOCK_REALTIME, &time)
    precondition(status == 0, "CLOCK_REALTIME is always there and the address is good")
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
