import Foundation

/// A directory that is gone when the value is.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// A new, empty directory with mode 0700.
  public init() throws {
    path = NSTemporaryDirectory() + "disburse-test-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The names in a directory, hidden ones too, in order; none when it is not there.
public func names(in directory: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
}
