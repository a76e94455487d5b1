/// Which names in an inbox are files to be taken.
enum InboxRules {
  /// What a name says.
  enum Verdict: Hashable, Sendable {
    case take
    /// It is being written under this name, and renamed when it is done.
    case unfinished
    /// A file of this name can't be taken; somebody has to look after it.
    case refuse(String)
  }

  /// The longest name in bytes. A name may have 255 (NAME_MAX), and ours are longer than the one they stand for.
  static let maximumNameBytes = 180

  private static let unfinishedEndings = [".part", ".tmp", ".filepart"]

  /// What becomes of a file under `name`.
  static func verdict(on name: String) -> Verdict {
    if name.hasPrefix(".") { return .unfinished }
    if unfinishedEndings.contains(where: { name.lowercased().hasSuffix($0) }) { return .unfinished }
    guard name.utf8.count <= maximumNameBytes else {
      return .refuse("its name is longer than \(maximumNameBytes) bytes")
    }
    guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      return .refuse("its name has control characters")
    }
    return .take
  }
}
