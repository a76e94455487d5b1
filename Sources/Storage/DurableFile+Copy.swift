import Glibc

extension DurableFile {
  /// Puts a copy of the file at `source` at `path`, with mode 0600: whole or not at all.
  public static func copy(_ source: String, to path: String) throws(StorageError) {
    let from = try SystemCall.run(on: source) { open(source, O_RDONLY | O_CLOEXEC) }
    defer { close(from) }
    let temporary = temporaryPath(beside: path)
    let to = try SystemCall.run(on: temporary) {
      open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    do {
      defer { close(to) }
      while try SystemCall.run(on: path, { sendfile(to, from, nil, 1 << 24) }) > 0 {}
      _ = try SystemCall.run(on: temporary) { fsync(to) }
    } catch {
      unlink(temporary)
      throw error
    }
    do {
      try commit(temporary: temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
