import Foundation

/// A directory that goes with the last reference.
final class TemporaryDirectory: Sendable {
  let path: String

  /// - Parameter isLarge: on a disk; else in memory, where a thousand small files take no time.
  init(isLarge: Bool = false) throws {
    let memory = "/dev/shm"
    let isThere = FileManager.default.isWritableFile(atPath: memory)
    let parent = isThere && !isLarge ? memory : FileManager.default.temporaryDirectory.path
    path = parent + "/envelope-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }

  func read(_ name: String) throws -> [UInt8] { try bytes(ofFile: file(name)) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func bytes(ofFile path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
