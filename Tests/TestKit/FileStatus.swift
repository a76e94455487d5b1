import Glibc

/// What the system knows of a file.
public struct FileStatus: Sendable {
  /// Its type and permissions, as in `st_mode`.
  public let mode: UInt32
  /// The number of its inode.
  public let inode: UInt64

  /// Of what is at `path`, or of what a link there leads to; `nil` when there is nothing.
  public init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (mode, inode) = (status.st_mode, UInt64(status.st_ino))
  }

  /// Of what is at `path`, be it a link.
  public init?(ofLink path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    (mode, inode) = (status.st_mode, UInt64(status.st_ino))
  }
}
