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
    let file = "\(path)/\(Self.batchPrefix)\(partner)+\(batchID).lock"
    while true {
      // One for every batch would fill the directory: the file goes with the lock.
      let lock = try FileLock(path: file, removesFile: true)
      guard try lock.tryAcquire() else { throw PipelineError.busy(what: "the batch \(batchID) of \(partner)") }
      // Its last holder may have removed it between the opening and the locking.
      if lock.isInPlace { return lock }
    }
  }

  private static let batchPrefix = "batch+"

  /// Removes the files of locks on batches that nobody holds, such as a crash leaves.
  public func sweep() throws {
    for name in try Directory.names(in: path) where name.hasPrefix(Self.batchPrefix) {
      let lock = try FileLock(path: "\(path)/\(name)", removesFile: true)
      if try lock.tryAcquire() { lock.release() }
    }
  }

  /// The right to answer a file of `partner` with a refusal; it is short, so it is waited for.
  func refusal(of partner: String) async throws -> FileLock {
    let lock = try FileLock(path: "\(path)/refusal+\(partner).lock")
    try await lock.acquireWhenFree()
    return lock
  }
}
