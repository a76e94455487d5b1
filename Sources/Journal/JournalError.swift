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
  /// A step that the life of the batch or the instruction does not allow: a fault of this program.
  case impossible(String)
}
