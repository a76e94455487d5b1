/// What goes wrong with a durable file. Each case says where, and its description what to do.
public enum StorageError: Error, Hashable, Sendable {
  /// The disk, the quota or the process's file size limit has no room.
  case diskFull(path: String)
  /// The file or its directory can't be written: read-only, not permitted, not there.
  case notWritable(path: String, reason: String)
  /// A later version of this program wrote the file.
  case newerSchema(path: String, found: Int, supported: Int)
  /// The file is on a file system whose locks can't be trusted.
  case networkFileSystem(path: String, fileSystem: String)
  /// The file is damaged, or no database at all.
  case corrupt(path: String, reason: String)
  /// The file is a sound database of another program.
  case foreign(path: String, applicationID: Int32)
  /// What was to be created is there already.
  case exists(path: String)
  /// Another connection kept the database locked for too long; nothing was written.
  case busy(path: String)
  /// Reading, writing or syncing failed. A store that has failed so writes no more until it is opened anew: after an
  /// `fsync` error the pages may be gone, and a second try would report success for what was never written.
  case io(path: String, reason: String)
  /// A statement that the schema does not allow: a fault of this program.
  case fault(path: String, reason: String)
}

/// An error enum of a room that stands on this one: whatever the storage throws has a place in it.
public protocol StorageFailure: Error {
  /// The room's own form of `error`.
  init(_ error: StorageError)
}

extension StorageError: StorageFailure {
  /// The error itself.
  public init(_ error: StorageError) { self = error }
}

extension StorageError: CustomStringConvertible {
  /// One line for people: what happened, where, what to do.
  public var description: String {
    switch self {
    case .diskFull(let path): "no room left to write \(path): free some space and start again; nothing was half written"
    case .notWritable(let path, let reason):
      "\(path) can't be written (\(reason)): check its owner, its mode and whether the disk is mounted read-only"
    case .newerSchema(let path, let found, let supported):
      "\(path) was written by a later version (schema \(found), this one knows \(supported)): use that version"
    case .networkFileSystem(let path, let fileSystem):
      "\(path) is on \(fileSystem), where file locks can't be trusted: put the home on a local disk"
    case .corrupt(let path, let reason): "\(path) is damaged (\(reason)): restore it from a backup"
    case .foreign(let path, let applicationID):
      "\(path) belongs to another program (application id \(applicationID)): give another path"
    case .exists(let path): "\(path) is there already"
    case .busy(let path): "\(path) is locked by another program: close it and try again"
    case .io(let path, let reason):
      "an input/output error on \(path) (\(reason)): check the disk, then start again, which recovers"
    case .fault(let path, let reason): "a fault of this program on \(path): \(reason)"
    }
  }
}
