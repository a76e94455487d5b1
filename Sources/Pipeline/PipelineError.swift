public import Batch
public import Journal
import Storage

/// What stops the work on a batch without deciding it: mend the cause, start again, and it goes on.
public enum PipelineError: Error, Sendable {
  /// The wallet can't be reached or can't work; nothing more was sent.
  case walletUnavailable(batchID: String, reason: String)
  /// Another process works on this batch.
  case busy(what: String)
  /// Nothing may be executed before the instant that the batch names.
  case notBefore(batchID: String, executeAt: Timestamp)
  /// The batch waits for an operator.
  case held(batchID: String, cause: BatchHold, note: String)
  /// The durable record can't be written or read.
  case journal(String)
  /// A file of ours can't be read or written.
  case file(path: String, reason: String)
  /// A result or another output can't be written.
  case output(path: String, reason: String)
  /// The register of partners can't be used.
  case partners(String)
  /// Cryptography failed on our own side: keys, random numbers.
  case crypto(String)
  /// The work was stopped.
  case interrupted
}

extension PipelineError: CustomStringConvertible {
  /// One line for people: what happened and where.
  public var description: String {
    switch self {
    case .walletUnavailable(let batchID, let reason): "batch \(batchID): the wallet is not available: \(reason)"
    case .busy(let what): "\(what) is being worked on by another process"
    case .notBefore(let batchID, let executeAt): "batch \(batchID) is not to be executed before \(executeAt.rfc3339)"
    case .held(let batchID, let cause, let note): "batch \(batchID) is held (\(cause.name)): \(note)"
    case .journal(let reason): reason
    case .file(let path, let reason): "\(path): \(reason)"
    case .output(let path, let reason): "\(path): \(reason)"
    case .partners(let reason): reason
    case .crypto(let reason): reason
    case .interrupted: "the work was stopped"
    }
  }
}
