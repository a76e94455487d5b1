import Glibc

/// Writes a file of any size beside its place, which gets it whole or not at all: nothing is seen under its name, and
/// what was there stays, until `commit`. Without it, what was written goes.
public final class DurableFileWriter {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  /// Starts a file with exactly these permissions, whatever the umask and whatever is at `path`.
  public init(path: String, mode: UInt32 = 0o600) throws(StorageError) {
    self.path = path
    let temporary = DurableFile.temporaryPath(beside: path)
    self.temporary = temporary
    descriptor = -1
    let descriptor = try SystemCall.run(on: temporary) {
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    }
    self.descriptor = descriptor
    _ = try SystemCall.run(on: temporary) { fchmod(descriptor, mode) }
  }

  deinit { discard() }

  /// Takes more of the content.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    precondition(descriptor >= 0, "a file that was committed was written to")
    let descriptor = descriptor
    var rest = bytes
    while !rest.isEmpty {
      let part = rest
      let count = try SystemCall.run(on: path) { Glibc.write(descriptor, part.baseAddress, part.count) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Makes the content durable and gives it its place. After an error the writer is of no more use.
  public func commit() throws(StorageError) {
    precondition(descriptor >= 0, "a file was committed twice")
    let descriptor = descriptor
    // Not repeated on failure: the pages may be gone, and a second fsync would say all is well.
    _ = try SystemCall.run(on: temporary) { fsync(descriptor) }
    try DurableFile.commit(temporary: temporary, to: path)
    close(descriptor)
    self.descriptor = -1
  }

  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }
}
