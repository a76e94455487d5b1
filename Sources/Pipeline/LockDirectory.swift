import Storage

/// The locks that keep two processes of one home out of each other's batch. The kernel lets go of them when a process
/// dies, so none is ever stale.
public struct LockDirectory: Sendable {
  private let path: String

  /// The locks in the directory at `path`, which exists.
  public init(path: String) { self.path = path }

  /// The right to admit batches of `partner`.
  func admission(of partner: String) throws -> FileLock {
    try hold("admission-\(partner)", "a batch of \(partner)")
  }

  /// The right to work on the batch that `partner` calls `batchID`.
  func batch(_ batchID: String, of partner: String) throws -> FileLock {
    try hold("batch-\(partner)-\(batchID)", "the batch \(batchID) of \(partner)")
  }

  /// The right to answer a file of `partner` with a refusal; it is short, so it is waited for.
  func refusal(of partner: String) async throws -> FileLock {
    let lock = try FileLock(path: "\(path)/refusal-\(partner).lock")
    try await lock.acquireWhenFree()
    return lock
  }

  private func hold(_ name: String, _ what: String) throws -> FileLock {
    let lock = try FileLock(path: "\(path)/\(name).lock")
    guard try lock.tryAcquire() else { throw PipelineError.busy(what: what) }
    return lock
  }
}
