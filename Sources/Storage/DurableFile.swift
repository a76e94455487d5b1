import Glibc

/// Files that are there whole or not at all, whatever happens: written beside, synced, renamed, the directory synced.
public enum DurableFile {
  /// Writes `bytes` to `path` so that after a crash it holds all of them or what it held before.
  ///
  /// - Parameters:
  ///   - mode: The permissions of the new file, exactly, whatever the umask.
  ///   - replacing: Whether a file at `path` is replaced; else `StorageError.exists`.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, replacing: Bool = true
  ) throws(StorageError) {
    let temporary = temporaryPath(beside: path)
    let descriptor = try SystemCall.run(on: temporary) {
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    }
    do {
      defer { close(descriptor) }
      _ = try SystemCall.run(on: temporary) { fchmod(descriptor, mode) }
      try writeAll(bytes, to: descriptor, path: temporary)
      _ = try SystemCall.run(on: temporary) { fsync(descriptor) }
    } catch {
      unlink(temporary)
      throw error
    }
    do {
      try commit(temporary: temporary, to: path, replacing: replacing)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Gives a file that is written and synced its place: rename, then sync of the directory.
  ///
  /// Both paths are on one file system; best in one directory. Without `replacing`, a file at `path` stays and
  /// `StorageError.exists` is thrown.
  public static func commit(temporary: String, to path: String, replacing: Bool = true) throws(StorageError) {
    CrashPoint.reached(.fileSynced)
    if replacing {
      _ = try SystemCall.run(on: path) { rename(temporary, path) }
    } else {
      // link(2) refuses an existing name on every file system; renameat2's RENAME_NOREPLACE does not work on all.
      _ = try SystemCall.run(on: path) { link(temporary, path) }
      try synchronizeDirectory(of: path)
      CrashPoint.reached(.fileLinked)
      _ = try SystemCall.run(on: temporary) { unlink(temporary) }
    }
    CrashPoint.reached(.fileRenamed)
    try synchronizeDirectory(of: path)
  }

  /// Makes what was created, renamed or removed in the directory of `path` durable.
  public static func synchronizeDirectory(of path: String) throws(StorageError) {
    let directory = directory(of: path)
    let descriptor = try SystemCall.run(on: directory) { open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { close(descriptor) }
    _ = try SystemCall.run(on: directory) { fsync(descriptor) }
  }

  /// A hidden name beside `path` that nothing else has: `.NAME.tmp-…`.
  public static func temporaryPath(beside path: String) -> String {
    let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return "\(directory(of: path))/.\(name).tmp-\(random)"
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(StorageError) {
    var written = 0
    while written < bytes.count {
      written += try SystemCall.run(on: path) {
        bytes.withUnsafeBytes { buffer in
          Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
        }
      }
    }
  }
}
