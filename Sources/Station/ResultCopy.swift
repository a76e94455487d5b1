import Storage

/// A sealed result put where the one who called wants it, besides its place in the outbox.
enum ResultCopy {
  /// Refuses a place that can't be written before anything is paid.
  static func checkPlace(_ path: String) throws(StationError) {
    let directory = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
    guard FileAccess.isWritableDirectory(directory.isEmpty ? "/" : directory) else {
      throw .unwritable(path: path, reason: "its directory is not there or can't be written")
    }
    guard !FileAccess.isDirectory(path) else { throw .unwritable(path: path, reason: "it is a directory") }
  }

  static func put(_ result: String, at path: String) throws {
    guard FileAccess.exists(result) else {
      throw StationError.notFound("the sealed result was published as \(result), and is not there any more")
    }
    try DurableFile.copy(result, to: path)
  }
}
