import Glibc

/// One wrapper for system calls: it repeats what a signal interrupted, and turns `errno` into an error.
enum SystemCall {
  /// The result of `call`, repeated while it answers `EINTR`.
  ///
  /// Not for `close`: on Linux the descriptor is gone even when it answers `EINTR`.
  static func run<T: FixedWidthInteger & SignedInteger>(on path: String, _ call: () -> T) throws(StorageError) -> T {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw error(code, on: path) }
    }
  }

  /// The error that `code` means for `path`.
  static func error(_ code: Int32, on path: String) -> StorageError {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    case EROFS, EACCES, EPERM, ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, ETXTBSY, EXDEV:
      .notWritable(path: path, reason: text(code))
    case EEXIST, ENOTEMPTY: .exists(path: path)
    case EWOULDBLOCK, EBUSY: .busy(path: path)
    default: .io(path: path, reason: text(code))
    }
  }

  /// The system's words for `code`.
  static func text(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let words = buffer.baseAddress, strerror_r(code, words, buffer.count) == 0 else { return "error \(code)" }
      return String(cString: words)
    }
  }
}
