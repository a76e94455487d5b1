/// Where notices go: a program, a directory, both or neither.
public struct NoticeTargets: Hashable, Sendable {
  /// The absolute path of a program that gets the message on its standard input.
  public var command: String?
  /// The absolute path of a directory that gets it as a file.
  public var directory: String?

  /// Targets that are `nil` where there are none.
  public init(command: String? = nil, directory: String? = nil) {
    self.command = command
    self.directory = directory
  }
}
