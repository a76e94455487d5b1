import Glibc

/// The one open descriptor of a sealed file. Both passes read through it, so that a file put in its place between them
/// is not seen.
final class SealedInput: Sendable {
  let path: String
  /// The size when it was opened; nothing beyond is read.
  let byteCount: Int
  private let descriptor: Int32
  private let opened: Stamp

  /// What changes when somebody writes to the file.
  private struct Stamp: Equatable {
    let size: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int

    init(_ status: stat) {
      size = Int(status.st_size)
      modifiedSeconds = status.st_mtim.tv_sec
      modifiedNanoseconds = status.st_mtim.tv_nsec
    }
  }

  init(path: String, followingLinks: Bool = true) throws(EnvelopeError) {
    // A pipe in the inbox must not hold the opener up: without O_NONBLOCK it would wait for a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = try SystemCall.retrying("open", path) { open(path, flags) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notSealed("\(path) is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    opened = Stamp(status)
    byteCount = Int(status.st_size)
    posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
  }

  /// Reads at a place; 0 only at the end of the file as it was opened.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvelopeError) -> Int {
    let count = min(buffer.count, byteCount - offset)
    guard count > 0 else { return 0 }
    let descriptor = descriptor
    let read = try SystemCall.retrying("read", path) { pread(descriptor, buffer.baseAddress, count, off_t(offset)) }
    // The file was that long when it was opened.
    guard read > 0 else { throw .changed(path: path) }
    return read
  }

  /// The first bytes, as many as there are.
  func prefix(_ count: Int) throws(EnvelopeError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, byteCount))
    var failure: EnvelopeError?
    var filled = 0
    bytes.withUnsafeMutableBytes { buffer in
      do throws(EnvelopeError) {
        while filled < buffer.count {
          filled += try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), at: filled)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Throws `changed` when somebody has written to the file since it was opened.
  func requireUnchanged() throws(EnvelopeError) {
    var status = stat()
    let descriptor = descriptor
    _ = try SystemCall.retrying("look at", path) { fstat(descriptor, &status) }
    guard Stamp(status) == opened else { throw .changed(path: path) }
  }

  deinit { close(descriptor) }
}

/// A sealed file's bytes from a place on.
final class SealedInputSource: ByteSource {
  private let input: SealedInput
  private var position: Int

  init(_ input: SealedInput, from position: Int = 0) {
    self.input = input
    self.position = position
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try input.read(into: buffer, at: position)
    position += count
    return count
  }

  func skip(_ count: Int) -> Int {
    let skipped = min(count, max(0, input.byteCount - position))
    position += skipped
    return skipped
  }
}
