import Glibc
import Synchronization

/// Writes whole lines to a descriptor, each with one `write`, so that lines of several threads or processes don't mix.
///
/// A log that can't be written never stops the work, and holds it up for at most a second: what is lost is counted, and
/// the next line that gets through says how many there were.
public final class LogWriter: Sendable {
  /// Standard error.
  public static let standardError = LogWriter(descriptor: STDERR_FILENO)

  private let descriptor: Int32
  private let patienceMilliseconds: Int32
  private let lostCount = Mutex(0)

  /// A writer to an open descriptor, which stays the caller's. A reader that does not read is waited for as long as
  /// `patienceMilliseconds`.
  public init(descriptor: Int32, patienceMilliseconds: Int32 = 1_000) {
    self.descriptor = descriptor
    self.patienceMilliseconds = patienceMilliseconds
  }

  /// Writes one line. `report` makes the line that tells of so many lost ones.
  func write(_ line: [UInt8], reporting report: (Int) -> [UInt8]) {
    lostCount.withLock { lost in
      if lost > 0 {
        guard writeWhole(report(lost)) else {
          lost += 1
          return
        }
        lost = 0
      }
      if !writeWhole(line) { lost += 1 }
    }
  }

  private func writeWhole(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if count < 0, errno == EINTR {
          continue
        } else if count < 0, errno == EAGAIN, isWritableSoon() {
          continue
        } else {
          // A reader that went away, a full disk, a closed descriptor.
          return false
        }
      }
      return true
    }
  }

  private func isWritableSoon() -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let count = poll(&state, 1, patienceMilliseconds)
    return count > 0 || (count < 0 && errno == EINTR)
  }
}
