import Foundation

/// A directory that goes with the last reference to it.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// A new, empty directory that only its owner may look into.
  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/disburse-test-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The path of `name` in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and answers its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }

  /// The bytes of the file called `name`.
  public func read(_ name: String) throws -> [UInt8] { try Self.bytes(of: file(name)) }

  /// The bytes of the file at `path`.
  public static func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  /// Every regular file under `path`, links not followed.
  public static func files(under path: String) throws -> [String] {
    guard let found = FileManager.default.enumerator(atPath: path) else { return [] }
    return found.compactMap { $0 as? String }.map { "\(path)/\($0)" }.filter {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isDirectory) && !isDirectory.boolValue
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
