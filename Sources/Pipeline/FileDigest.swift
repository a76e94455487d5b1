import Cryptography
import Glibc

/// Directories that the program makes for itself.
enum Directory {
  /// Makes the directory at `path` if it is not there.
  static func create(_ path: String, mode: mode_t) throws {
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw PipelineError.output(path: path, reason: "the directory can't be made: \(String(cString: strerror(errno)))")
    }
  }
}

extension Directory {
  /// The names in the directory at `path`; none when it is not there.
  static func names(in path: String) throws -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw PipelineError.output(path: path, reason: "it can't be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }
}

/// What a file holds, told by its SHA-256.
public enum FileDigest {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The SHA-256 of the file at `path`; `nil` when there is none.
  public static func sha256(of path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw PipelineError.file(path: path, reason: "it can't be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    let stream = try SHA256Stream()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try buffer.withUnsafeMutableBytes { bytes in
        let count = read(descriptor, bytes.baseAddress, bytes.count)
        if count > 0 { try stream.update(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
        return count
      }
      if count == 0 { return try stream.finish().bytes }
      if count < 0, errno != EINTR {
        throw PipelineError.file(path: path, reason: "it can't be read: \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Removes the file at `path` if it is there.
  static func removeIfPresent(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw PipelineError.output(path: path, reason: "it can't be replaced: \(String(cString: strerror(errno)))")
    }
  }
}
