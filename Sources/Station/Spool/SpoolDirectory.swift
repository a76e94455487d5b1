import Glibc
import Storage

/// Where files lie while they wait, are worked on, and have ended.
struct SpoolDirectory: Sendable {
  /// The directory that holds the others.
  let path: String

  /// Where partners drop files, each in a directory of its own.
  var inbox: String { "\(path)/inbox" }
  /// What was taken.
  var work: String { "\(path)/work" }
  /// Where answers go.
  var outbox: String { "\(path)/outbox" }

  /// Where `partner` drops files.
  func inbox(of partner: String) -> String { "\(inbox)/\(partner)" }
  /// Where refused files of `partner` go.
  func rejected(of partner: String) -> String { "\(path)/rejected/\(partner)" }
  /// Where files of `partner` go when they are answered.
  func archive(of partner: String) -> String { "\(path)/archive/\(partner)" }

  /// Makes what is missing of a partner's directories, and leaves what is there as it is.
  ///
  /// The partner's system user has to write to the inbox, so a new one is open to its group, which the operator gives it
  /// with `chgrp`; the home around it lets nobody else in. The rest is the processor's own.
  func prepare(for partner: String) throws(StorageError) {
    for directory in [path, inbox, work, outbox, "\(path)/rejected", "\(path)/archive"] {
      try DurableFile.makeDirectory(directory, mode: 0o700)
    }
    try DurableFile.makeDirectory(inbox(of: partner), mode: 0o770)
    for directory in ["\(outbox)/\(partner)", rejected(of: partner), archive(of: partner)] {
      try DurableFile.makeDirectory(directory, mode: 0o700)
    }
  }

  /// The names in a directory, as the system has them; none when it is not there.
  static func names(in directory: String) throws(StationError) -> [[UInt8]] {
    guard let stream = opendir(directory) else {
      if errno == ENOENT { return [] }
      throw .unreadable(path: directory, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names
  }

  /// The names in a directory that are text; the others are nobody's of ours.
  static func textNames(in directory: String) throws(StationError) -> [String] {
    try names(in: directory).compactMap { String(validating: $0, as: UTF8.self) }.sorted()
  }
}
