import Batch

/// A file in a partner's inbox, as one look at its directory entry found it.
struct DroppedFile: Hashable, Sendable {
  /// What tells one file from another, and from itself after somebody wrote to it.
  struct Stamp: Hashable, Sendable {
    var inode: UInt64
    var byteCount: Int
    /// When its content changed last, in nanoseconds since the epoch, by what its writer says.
    var modified: Int64
  }

  /// Which file.
  struct Key: Hashable, Sendable {
    var partner: String
    var name: String
  }

  var key: Key
  var stamp: Stamp
  /// When the file or its entry changed last, by the kernel: its writer can't set it back.
  var changed: Timestamp
}
