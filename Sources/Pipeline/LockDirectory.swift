public import Storage

/// The locks that keep two processes of one home out of each other's batch. The kernel lets go of them when a process
/// dies, so none is ever stale.
public struct LockDirectory: Sendable {
  private let path: String

  /// The locks in the directory at `path`, which exists.
  public init(path: String) { self.path = path }

  /// The right to admit batches of `partner`; waits for another admission to end, which pays nobody and is short.
  func admission(of partner: String) async throws -> FileLock {
    let lock = try FileLock(path: "\(path)/admission+\(partner).lock")
    try await lock.acquireWhenFree()
    return lock
  }

  /// The right to work on the batch that `partner` calls `batchID`.
  ///
  /// - Throws: `PipelineError.busy` when another process has it: it gives the answer as well.
  public func batch(_ batchID: String, of partner: String) throws -> FileLock {
    let lock = try FileLock(path: "\(path)/batch+\(partner)+\(batchID).lock")
    guard try lock.tryAcquire() else { throw PipelineError.busy(what: "the batch \(batchID) of \(partner)") }
    return lock
  }

  /// The right to answer a file of `partner` with a refusal; it is short, so it is waited for.
  func refusal(of partner: String) async throws -> FileLock {
    let lock = try FileLock(path: "\(path)/refusal+\(partner).lock")
    try await lock.acquireWhenFree()
    return lock
  }
}
