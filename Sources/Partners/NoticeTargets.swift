/// Where notices of batches go: a program, a directory, both or neither.
public struct NoticeTargets: Hashable, Sendable {
  /// The absolute path of a program that gets the message on its standard input.
  public private(set) var command: String?
  /// The absolute path of a directory that gets the message as a file.
  public private(set) var directory: String?

  /// No targets.
  public static let none = NoticeTargets()
  private init() {}

  /// Targets that are `nil` where there are none.
  ///
  /// - Throws: `PartnersError.badPolicy` for a path that does not begin with `/`.
  public init(command: String?, directory: String?) throws(PartnersError) {
    for path in [command, directory] {
      guard let path else { continue }
      guard path.hasPrefix("/"), !path.utf8.contains(0) else {
        throw .badPolicy("\(path) can't be a target of notices: its path begins with /")
      }
    }
    self.command = command
    self.directory = directory
  }

  /// Whether there are none.
  public var isEmpty: Bool { command == nil && directory == nil }
}

/// The targets as a partner's file spells them.
struct NoticesRecord: Codable {
  var command: String?
  var directory: String?

  enum CodingKeys: String, CodingKey, CaseIterable { case command, directory }

  init?(_ targets: NoticeTargets) {
    guard !targets.isEmpty else { return nil }
    command = targets.command
    directory = targets.directory
  }
}
