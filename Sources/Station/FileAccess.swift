import Glibc

/// What a path is, before it is used.
enum FileAccess {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isWritableDirectory(_ path: String) -> Bool { isDirectory(path) && access(path, W_OK) == 0 }
}
