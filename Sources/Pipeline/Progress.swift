/// How far the work on a batch is; counts are instructions.
public enum Progress: Hashable, Sendable {
  /// The sealed file is decrypted and its signatures are verified.
  case opening
  /// So many were read and written down.
  case admitting(count: Int)
  /// So many of all have an answer.
  case dispatching(done: Int, of: Int)
  /// So many are waiting for the wallet's final answer.
  case waiting(pending: Int)
  /// So many lines of all are in the result.
  case publishing(done: Int, of: Int)
}

/// Gets to know how far the work is; called from any thread, often.
public typealias ProgressObserver = @Sendable (Progress) -> Void
