import Dispatch
import Glibc

/// An exclusive lock between processes, and between stores in one: `flock` on a file of its own.
///
/// The kernel lets go of it when the holder dies, however it dies, so no lock is ever stale. One object is one holder:
/// acquiring what the same object holds already changes nothing. The file stays, empty, unless its locks are made to
/// remove it.
public final class FileLock: Sendable {
  /// The file that is locked.
  public let path: String
  private let removesFile: Bool
  private let descriptor: Int32
  private let queue: DispatchQueue

  /// Opens the lock's file, creating it with mode 0600; takes nothing yet.
  ///
  /// - Parameter removesFile: Whether the file goes when the lock is released. Then whoever has taken the lock must ask
  ///   `isInPlace`, and begin anew when it is not: it may have waited for a lock that is nobody's any more.
  public init(path: String, removesFile: Bool = false) throws(StorageError) {
    self.path = path
    self.removesFile = removesFile
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

  /// Whether the file that was locked is the one that the next will lock.
  public var isInPlace: Bool {
    var locked = stat()
    var present = stat()
    return fstat(descriptor, &locked) == 0 && stat(path, &present) == 0 && locked.st_ino == present.st_ino
      && locked.st_dev == present.st_dev
  }

  /// Replaces what the file says, for people: who holds it. Its time of change is now.
  public func write(_ text: String) throws(StorageError) {
    let bytes = Array(text.utf8)
    _ = try SystemCall.run(on: path) { ftruncate(descriptor, 0) }
    _ = try SystemCall.run(on: path) { pwrite(descriptor, bytes, bytes.count, 0) }
    // Also when the system takes its time with what was written: who watches for a hang looks at this.
    _ = try SystemCall.run(on: path) { futimens(descriptor, nil) }
  }

  /// Lets go of the lock.
  public func release() {
    // While it is held: nobody else has the same right, and who waits looks whether the file is still there.
    if removesFile, isInPlace { unlink(path) }
    // It can't fail on a descriptor that we own.
    _ = flock(descriptor, LOCK_UN)
  }
}
