import COpenSSL
import Cryptography
import Glibc

/// The file that a sealed file is written to: new, readable to nobody else, digested as it is written, and removed
/// unless it was finished.
final class SealedOutput {
  private static let bufferByteCount = 1 << 18

  let path: String
  private var descriptor: Int32
  private let sha256: SHA256Stream
  private let buffer: UnsafeMutableRawBufferPointer
  private var buffered = 0
  private var isFinished = false
  /// Why writing stopped, which a BIO can't say.
  private(set) var failure: EnvelopeError?

  // Safe to share: made once, never changed, only read by libcrypto.
  nonisolated(unsafe) private static let method: OpaquePointer? = {
    let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sealed file being written")
    BIO_meth_set_write(method) { bio, bytes, count in
      guard let data = BIO_get_data(bio), let bytes, count > 0 else { return 0 }
      shim_BIO_set_retry_none(bio)
      let output = Unmanaged<SealedOutput>.fromOpaque(data).takeUnretainedValue()
      return output.append(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? count : -1
    }
    BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    return method
  }()

  init(path: String) throws {
    sha256 = try SHA256Stream()
    self.path = path
    buffer = .allocate(byteCount: Self.bufferByteCount, alignment: 16)
    descriptor = -1
    descriptor = try SystemCall.retrying("create", path) {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
  }

  deinit {
    buffer.deallocate()
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isFinished { unlink(path) }
  }

  /// A new BIO that writes here; this object must outlive it.
  func makeBIO() throws(CryptoError) -> OpenSSLObject {
    let bio = try OpenSSLObject(BIO_new(Self.method), "open a sealed file for writing", free: { BIO_free($0) })
    bio.withPointer {
      BIO_set_data($0, Unmanaged.passUnretained(self).toOpaque())
      BIO_set_init($0, 1)
    }
    return bio
  }

  /// Writes what is buffered, makes it durable, and answers with SHA-256 of the file.
  func finish() throws -> SHA256Digest {
    if let failure { throw failure }
    try flush()
    let descriptor = descriptor
    // Not repeated on failure: the pages may be gone, and a second fsync would say all is well.
    guard fsync(descriptor) == 0 else {
      throw EnvelopeError.inputOutput(operation: "make durable", path: path, code: errno)
    }
    isFinished = true
    return try sha256.finish()
  }

  private func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do {
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = rest.prefix(buffer.count - buffered)
        UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: part))
        buffered += part.count
        rest = rest.dropFirst(part.count)
        if buffered == buffer.count { try flush() }
      }
      return true
    } catch {
      failure = EnvelopeError(wrapping: error)
      return false
    }
  }

  private func flush() throws {
    let descriptor = descriptor
    var rest = UnsafeRawBufferPointer(rebasing: buffer[..<buffered])
    try sha256.update(rest)
    while !rest.isEmpty {
      let part = rest
      let written = try SystemCall.retrying("write", path) { write(descriptor, part.baseAddress, part.count) }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    buffered = 0
  }
}
