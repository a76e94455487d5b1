import Foundation
import Glibc
import Synchronization

/// A program that runs beside the test. It is killed when the test lets go of it.
public final class RunningProgram: Sendable {
  private let process: pid_t
  private let name: String
  private let directory: TemporaryDirectory
  private let execution = Mutex<Execution?>(nil)

  init(process: pid_t, name: String, directory: TemporaryDirectory) {
    self.process = process
    self.name = name
    self.directory = directory
  }

  deinit {
    guard execution.withLock({ $0 == nil }) else { return }
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// Sends it a signal.
  public func signal(_ number: Int32) { kill(process, number) }

  /// All that it has written to standard error so far.
  public var complaint: String { (try? String(decoding: directory.read("error"), as: UTF8.self)) ?? "" }

  /// Waits for its end.
  @discardableResult
  public func end() throws -> Execution {
    try execution.withLock { execution in
      if let execution { return execution }
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 {
        guard errno == EINTR else {
          throw Command.Failure(description: "\(name): \(String(cString: strerror(errno)))")
        }
      }
      let signal = status & 0x7F
      let ended = Execution(
        status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: try directory.read("out"),
        complaint: try directory.read("error"))
      execution = ended
      return ended
    }
  }

  /// Asks it to stop, and waits for its end.
  @discardableResult
  public func stop() throws -> Execution {
    signal(SIGTERM)
    return try end()
  }
}

/// What a test waits for.
public enum Condition {
  /// Looks again and again until `holds`, and gives up after two minutes: long enough for any machine.
  ///
  /// - Parameter what: what was waited for, for the one who reads that it did not come.
  public static func await(_ what: String, _ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while try await !holds() {
      guard ContinuousClock.now < end else { throw Command.Failure(description: "\(what): it did not come to that") }
      await withCheckedContinuation { continuation in
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { continuation.resume() }
      }
    }
  }
}
