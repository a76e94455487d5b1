public import Storage

/// What goes wrong with the durable record.
public enum JournalError: Error, Hashable, Sendable {
  /// The claim belongs to another by now; nothing was written.
  case claimLost(fence: Int64)
  /// The file was written by a later version of this program.
  case newerSchema(path: String, found: Int, supported: Int)
  /// The disk has no room.
  case diskFull(path: String)
  /// The file or its directory can't be written.
  case notWritable(path: String, reason: String)
  /// The file can't be used: damaged, not a journal, on a network file system.
  case unusable(path: String, reason: String)
  /// The store refused or failed; starting again recovers.
  case storage(path: String, reason: String)
  /// No batch has the number.
  case noSuchBatch(BatchNumber)
  /// What an operator asked for can't be done with the batch or the line as it stands.
  case notAllowed(String)
  /// A step that the life of the batch or the instruction does not allow: a fault of this program.
  case impossible(String)
}

extension JournalError: StorageFailure {
  /// The journal's form of an error of its file.
  public init(_ error: StorageError) {
    switch error {
    case .diskFull(let path): self = .diskFull(path: path)
    case .notWritable(let path, let reason): self = .notWritable(path: path, reason: reason)
    case .newerSchema(let path, let found, let supported):
      self = .newerSchema(path: path, found: found, supported: supported)
    case .networkFileSystem(let path, _), .corrupt(let path, _), .foreign(let path, _):
      self = .unusable(path: path, reason: error.description)
    case .busy(let path), .io(let path, _), .exists(let path): self = .storage(path: path, reason: error.description)
    case .fault: self = .impossible(error.description)
    }
  }
}

extension JournalError: CustomStringConvertible {
  /// One line for people: what happened, where, what to do.
  public var description: String {
    switch self {
    case .claimLost(let fence):
      "another process has taken over the work of claim \(fence): nothing was written; this one must stop"
    case .newerSchema(let path, let found, let supported):
      StorageError.newerSchema(path: path, found: found, supported: supported).description
    case .diskFull(let path): StorageError.diskFull(path: path).description
    case .notWritable(let path, let reason): StorageError.notWritable(path: path, reason: reason).description
    case .unusable(_, let reason), .storage(_, let reason): reason
    case .noSuchBatch(let number): "the journal has no batch \(number.rawValue)"
    case .notAllowed(let reason): reason
    case .impossible(let reason): "a fault of this program in the journal: \(reason)"
    }
  }
}
