import Storage

/// A sealed result put where the one who called wants it, besides its place in the outbox.
enum ResultCopy {
  static func put(_ result: String, at path: String) throws {
    guard FileAccess.exists(result) else {
      throw StationError.unreadable(path: result, reason: "the result was published there, and is not there any more")
    }
    // Once more: paying takes its time.
    try OutputPlace.check(path, besides: [result])
    try DurableFile.copy(result, to: path)
  }
}
