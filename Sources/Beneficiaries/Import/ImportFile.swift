internal import Glibc

/// A file that is read from its beginning as often as needed, and must not change meanwhile.
final class ImportFile {
  let path: String
  private let descriptor: Int32
  private let isOurs: Bool
  private let start: off_t
  private let stamp: Stamp

  /// What changes when a file is written to.
  private struct Stamp: Equatable {
    let device: dev_t
    let inode: ino_t
    let size: off_t
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int

    init?(_ descriptor: Int32, isRegular: inout Bool) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { return nil }
      isRegular = status.st_mode & S_IFMT == S_IFREG
      device = status.st_dev
      inode = status.st_ino
      size = status.st_size
      modifiedSeconds = status.st_mtim.tv_sec
      modifiedNanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// Opens the file at `path`, or takes standard input for `-`.
  ///
  /// - Throws: `notRepeatable` for a pipe: it can be read once only, and what is in it must not be put on a disk.
  init(_ path: String) throws(BeneficiariesError) {
    isOurs = path != "-"
    self.path = isOurs ? path : "standard input"
    // Not to wait for a writer of a named pipe, which is refused below.
    descriptor = isOurs ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : STDIN_FILENO
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    var isRegular = false
    let stamp = Stamp(descriptor, isRegular: &isRegular)
    guard let stamp, isRegular else {
      if isOurs { close(descriptor) }
      throw .notRepeatable(path: self.path)
    }
    self.stamp = stamp
    start = isOurs ? 0 : max(0, lseek(descriptor, 0, SEEK_CUR))
  }

  deinit { if isOurs { close(descriptor) } }

  /// Reads into `buffer` from `offset` behind the beginning; the number of bytes, 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(BeneficiariesError) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, start + offset)
      if count >= 0 { return count }
      guard errno == EINTR else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    }
  }

  /// - Throws: `changed` when the file is not what was opened.
  func checkUnchanged() throws(BeneficiariesError) {
    var isRegular = false
    guard Stamp(descriptor, isRegular: &isRegular) == stamp else { throw .changed(path: path) }
  }
}
