import Dispatch
import Glibc

/// An exclusive lock between processes, and between stores in one: `flock` on a file of its own.
///
/// The kernel lets go of it when the holder dies, however it dies, so no lock is ever stale. One object is one holder:
/// acquiring what the same object holds already changes nothing. The file stays, empty.
public final class FileLock: Sendable {
  /// The file that is locked.
  public let path: String
  private let descriptor: Int32
  private let queue: DispatchQueue

  /// Opens the lock's file, creating it with mode 0600; takes nothing yet.
  public init(path: String) throws(StorageError) {
    self.path = path
    descriptor = try SystemCall.run(on: path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    queue = DispatchQueue(label: "disburse.lock")
  }

  deinit { close(descriptor) }

  /// Takes the lock if it is free; answers whether it is ours now.
  public func tryAcquire() throws(StorageError) -> Bool {
    do {
      _ = try SystemCall.run(on: path) { flock(descriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      if case .busy = error { return false }
      throw error
    }
  }

  /// Waits until the lock is free and takes it. It blocks the thread: call it on a queue of one's own.
  public func acquire() throws(StorageError) {
    _ = try SystemCall.run(on: path) { flock(descriptor, LOCK_EX) }
  }

  /// Waits until the lock is free and takes it, without blocking the caller's thread.
  public func acquireWhenFree() async throws(StorageError) {
    let outcome: Result<Void, StorageError> = await withCheckedContinuation { continuation in
      queue.async { [self] in
        continuation.resume(returning: Result { () throws(StorageError) in try acquire() })
      }
    }
    try outcome.get()
  }

  /// Lets go of the lock.
  public func release() {
    // It can't fail on a descriptor that we own.
    _ = flock(descriptor, LOCK_UN)
  }
}
