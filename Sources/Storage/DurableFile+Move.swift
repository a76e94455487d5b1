internal import CLinux
import Glibc

extension DurableFile {
  /// Gives the file at `source` the name `path`, in one step and durably, and never in the place of another.
  ///
  /// Both are on one file system. What is moved is the directory's entry itself: a link is moved, not what it leads to.
  ///
  /// - Throws: `StorageError.exists` when there is something at `path`; nothing has moved then.
  public static func move(_ source: String, to path: String) throws(StorageError) {
    _ = try SystemCall.run(on: path) { disburse_rename_noreplace(source, path) }
    CrashPoint.reached(.fileMoved)
    // Where it went to first: a power failure in between shows it twice rather than nowhere.
    try synchronizeDirectory(of: path)
    try synchronizeDirectory(of: source)
  }

  /// Removes the file at `path` durably, if it is there.
  public static func remove(_ path: String) throws(StorageError) {
    if unlink(path) != 0 {
      let code = errno
      guard code == ENOENT else { throw SystemCall.error(code, on: path) }
      return
    }
    try synchronizeDirectory(of: path)
  }

  /// Makes the directory at `path`, if there is nothing, with exactly these permissions; one that is there keeps its own.
  public static func makeDirectory(_ path: String, mode: UInt32) throws(StorageError) {
    if mkdir(path, mode) != 0 {
      let code = errno
      guard code == EEXIST else { throw SystemCall.error(code, on: path) }
      return
    }
    _ = try SystemCall.run(on: path) { chmod(path, mode) }
    try synchronizeDirectory(of: path)
  }
}
