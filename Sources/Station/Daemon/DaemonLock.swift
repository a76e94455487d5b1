import Glibc
import Storage

/// The right to be the one daemon of a home. The kernel drops it with its holder; the file has the number of the
/// process, and is touched while the daemon is alive, so that a hang can be told from work.
struct DaemonLock: Sendable {
  /// How often the file is touched at least.
  static let touchPause = Duration.seconds(15)

  private let lock: FileLock

  /// Takes the right.
  ///
  /// - Throws: `StationError.daemonRuns` when another process has it.
  init(in home: Home) async throws {
    let path = "\(home.locks)/daemon.lock"
    lock = try FileLock(path: path)
    var isTaken = try lock.tryAcquire()
    // Whoever looks whether a daemon runs holds it for an instant.
    for _ in 0..<10 where !isTaken {
      try await Task.sleep(for: .milliseconds(30))
      isTaken = try lock.tryAcquire()
    }
    guard isTaken else {
      let holder = (try? TextFile.read(path)).map { String(decoding: $0, as: UTF8.self).filter(\.isNumber) } ?? ""
      throw StationError.daemonRuns(process: holder)
    }
    try touch()
  }

  /// Says that this process is alive.
  func touch() throws { try lock.write("\(getpid())\n") }

  /// Lets another daemon begin.
  func release() { lock.release() }
}
