import Envelope
import Glibc
import Synchronization

/// The key pairs that were read, kept while their files stay as they are: a pair under a passphrase takes a tenth of a
/// second to open, and a daemon asks for its keys with each file, so that it sees a rotation.
final class KeyCache: Sendable {
  /// What tells a file from what stood there before.
  private struct Stamp: Hashable {
    let inode: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private let pairs = Mutex<[String: (stamps: [Stamp?], pair: KeyPair)]>([:])

  /// The pair of these files, read with `load` when it is not known, or the files are others by now.
  func pair(key: String, certificate: String, load: () throws -> KeyPair) throws -> KeyPair {
    let stamps = [Stamp(key), Stamp(certificate)]
    if let known = pairs.withLock({ $0[key] }), known.stamps == stamps, !stamps.contains(nil) { return known.pair }
    let pair = try load()
    pairs.withLock { $0[key] = (stamps, pair) }
    return pair
  }
}
