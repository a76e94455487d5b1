import Glibc

/// A place that a command was told to write to. An output is renamed over what is there, which would put a file where
/// a device or a pipe was, and would destroy a file that is still needed.
enum OutputPlace {
  /// Refuses a place that can't be written, that is something else than a file, or that is one of `inputs`.
  static func check(_ path: String, besides inputs: [String] = []) throws(StationError) {
    let directory = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
    guard FileAccess.isWritableDirectory(directory.isEmpty ? "/" : directory) else {
      throw .unwritable(path: path, reason: "its directory is not there or can't be written")
    }
    var status = stat()
    // Not followed: a link would be replaced, and what it leads to left as it is.
    guard lstat(path, &status) == 0 else { return }
    for input in inputs {
      var other = stat()
      guard stat(input, &other) == 0, other.st_dev == status.st_dev, other.st_ino == status.st_ino else { continue }
      throw .refused("\(path) is \(input), which is read: name another file to write")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .unwritable(path: path, reason: "it is a directory")
    case S_IFLNK: throw .unwritable(path: path, reason: "it is a symbolic link; name the file that it leads to")
    default: throw .unwritable(path: path, reason: "it is a device, a pipe or a socket, and no file")
    }
  }
}
