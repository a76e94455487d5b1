import COpenSSL
import Cryptography

/// A BIO that reads an octet string's content through a `BERReader`: what OpenSSL calls detached content.
final class SourceBIO {
  private let reader: BERReader
  /// Why reading stopped before the end, which a BIO can't say.
  private(set) var failure: (any Error)?
  private var hasEnded = false

  // Safe to share: made once, never changed, only read by libcrypto.
  nonisolated(unsafe) private static let method: OpaquePointer? = {
    let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "octets of a sealed file")
    BIO_meth_set_read(method) { bio, buffer, count in
      guard let data = BIO_get_data(bio), let buffer, count > 0 else { return 0 }
      shim_BIO_set_retry_none(bio)
      let source = Unmanaged<SourceBIO>.fromOpaque(data).takeUnretainedValue()
      return source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
    }
    BIO_meth_set_ctrl(method) { bio, command, _, _ in
      if command == BIO_CTRL_EOF, let data = BIO_get_data(bio) {
        return Unmanaged<SourceBIO>.fromOpaque(data).takeUnretainedValue().hasEnded ? 1 : 0
      }
      return command == BIO_CTRL_FLUSH ? 1 : 0
    }
    return method
  }()

  /// Content that `reader` has begun to read.
  init(_ reader: BERReader) { self.reader = reader }

  /// A new BIO over this source, which must outlive it.
  func makeBIO() throws(CryptoError) -> OpenSSLObject {
    let bio = try OpenSSLObject(BIO_new(Self.method), "open a sealed file's octets", free: { BIO_free($0) })
    bio.withPointer {
      BIO_set_data($0, Unmanaged.passUnretained(self).toOpaque())
      BIO_set_init($0, 1)
    }
    return bio
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    var filled = 0
    do {
      while filled < buffer.count, !hasEnded, failure == nil {
        guard let octets = try reader.nextOctets(limit: buffer.count - filled) else {
          hasEnded = true
          break
        }
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: octets)
        filled += octets.count
      }
    } catch {
      failure = error
    }
    return Int32(filled)
  }
}
