public import Batch
public import Journal
public import Pipeline

/// Gets to know what the daemon does; called from any thread. Figures, health and notices are made of it.
public protocol DaemonObserver: Sendable {
  /// Something has happened.
  func observe(_ event: DaemonEvent)
  /// The work on a file or a batch begins; what answers follows it to its end.
  func begin() -> any WorkObserver
  /// An executor that does what `executor` does, and is followed.
  func following(_ executor: any Executor) -> any Executor
}

extension DaemonObserver {
  /// Nobody follows it.
  public func following(_ executor: any Executor) -> any Executor { executor }
}

/// Follows one piece of work through its stages.
public protocol WorkObserver: Sendable {
  /// How far it is.
  func observe(_ progress: Progress)
  /// It ended; finished means that nothing is left to be done.
  func stop(isFinished: Bool)
}

/// What the daemon tells of itself.
public enum DaemonEvent: Sendable {
  /// It has looked at the inboxes and at the journal.
  case scanned(QueueDepths)
  /// A file was taken out of its partner's inbox.
  case fileTaken(partner: String, byteCount: Int)
  /// A file is at its last place.
  case fileEnded(FileEnding, partner: String)
  /// A batch was worked on, and these are its counts and sums before and after.
  case batchWorked(BatchRecord, from: BatchSummary?, to: BatchSummary)
  /// Work ended with an error that is tried again; the code is that of a `Failure`.
  case failed(code: String, message: String)
  /// It begins nothing more.
  case stopping
}

/// How the way of a dropped file ended.
public enum FileEnding: Hashable, Sendable {
  /// Its batch has a result; all lines are final.
  case completed
  /// Its batch has a result with some lines pending.
  case partial
  /// Its content was answered before; the answer stands.
  case repeated
  /// Nobody is paid.
  case rejected(RejectionCode)
}

/// What waits where.
public struct QueueDepths: Hashable, Sendable {
  /// Files in inboxes: whole, still growing or not still for long enough.
  public var inbox = 0
  /// Files that were taken and whose batch is not in the journal.
  public var work = 0
  /// Batches that are worked on or could be.
  public var ready = 0
  /// Batches that are held, by cause.
  public var held: [BatchHold: Int] = [:]
  /// Batches that wait for their time or for answers.
  public var waiting = 0
  /// Entries of inboxes that are not taken and that somebody has to look after.
  public var troubles = 0
  /// When the oldest unfinished batch was admitted.
  public var oldest: Timestamp?
  /// Nothing waits.
  public init() {}
}

/// Nobody watches.
struct NoDaemonObserver: DaemonObserver, WorkObserver {
  func observe(_ event: DaemonEvent) {}
  func begin() -> any WorkObserver { self }
  func observe(_ progress: Progress) {}
  func stop(isFinished: Bool) {}
}
