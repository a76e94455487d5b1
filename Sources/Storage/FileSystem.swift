import Glibc

/// What kind of file system a path is on.
public enum FileSystem {
  /// The type of the network or user-space file system that `path` is on; `nil` for a local one.
  ///
  /// WAL needs shared memory and locks that hold between processes, which these do not promise
  /// (https://www.sqlite.org/wal.html, "does not work over a network filesystem").
  public static func networkType(of path: String) throws(StorageError) -> String? {
    var status = stat()
    _ = try SystemCall.run(on: path) { stat(path, &status) }
    let type = type(ofDevice: UInt64(status.st_dev), in: try read("/proc/self/mountinfo"))
    return type.flatMap { isNetwork($0) ? $0 : nil }
  }

  /// Whether a type of file system is one whose locks can't be trusted.
  static func isNetwork(_ type: String) -> Bool {
    networkTypes.contains(type) || type == "fuse" || type.hasPrefix("fuse.") || type.hasPrefix("fuseblk")
  }

  /// The type of the mounted device. Each line is `id parent major:minor root place options … - type source options`
  /// (proc(5), `/proc/PID/mountinfo`).
  static func type(ofDevice device: UInt64, in mountInfo: String) -> String? {
    let major = (device >> 8) & 0xFFF | (device >> 32) & 0xFFFF_F000
    let minor = device & 0xFF | (device >> 12) & 0xFFFF_FF00
    let number = "\(major):\(minor)"
    for line in mountInfo.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == number, let dash = fields.firstIndex(of: "-") else { continue }
      let type = fields.index(after: dash)
      if type < fields.endIndex { return String(fields[type]) }
    }
    return nil
  }

  private static let networkTypes: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "virtiofs", "ceph", "lustre", "gfs2", "ocfs2",
    "gpfs", "beegfs", "glusterfs", "pvfs2", "orangefs",
  ]

  private static func read(_ path: String) throws(StorageError) -> String {
    let descriptor = try SystemCall.run(on: path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = try SystemCall.run(on: path) { Glibc.read(descriptor, &chunk, chunk.count) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
