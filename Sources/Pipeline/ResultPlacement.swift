public import Batch
public import Journal
import Storage

/// The last steps of a publication: a sealed result gets its place in the outbox, written down before and marked after.
///
/// It needs no keys, so that whoever is about to change a batch can first finish what a crash cut off.
public struct ResultPlacement: Sendable {
  private let journal: any Journal
  private let outbox: Outbox
  private let clock: any WallClock

  /// The placement of results in `outbox`.
  public init(journal: any Journal, outbox: Outbox, clock: any WallClock) {
    self.journal = journal
    self.outbox = outbox
    self.clock = clock
  }

  /// Finishes the publication that a crash cut off; answers whether there was one.
  ///
  /// A prepared result is published as it is: it may have been read by now. It must come before anything else is done
  /// with the batch, while the lines are those that it tells. The caller must hold the batch's own lock.
  public func finishInterrupted(_ batch: BatchRecord) async throws -> Bool {
    guard let prepared = batch.publication, !batch.isPublished else { return false }
    let temporary = try outbox.temporaryPath(of: batch)
    if try await digest(of: outbox.path(of: prepared.path)) == prepared.digest {
      try FileDigest.removeIfPresent(temporary)
      try await journal.markPublished(batch.number, revision: prepared.revision, at: clock.now())
    } else {
      guard try await digest(of: temporary) == prepared.digest else { return false }
      try await place(prepared, of: batch)
    }
    return true
  }

  /// Gives the sealed result its place, which is written down first, and marks it.
  func place(_ sealed: Publication, of batch: BatchRecord) async throws {
    let temporary = try outbox.temporaryPath(of: batch)
    repeat {
      let place = try outbox.freePlace(for: batch.file, of: batch.partner)
      try await journal.preparePublication(sealed.placed(at: place), of: batch.number)
      // Another batch's file of the same name may have come there in between: then there is a next place.
      if try await commit(temporary, to: outbox.path(of: place)) { break }
    } while true
    try await journal.markPublished(batch.number, revision: sealed.revision, at: clock.now())
  }

  /// Answers `false` when there is a file already, which is never replaced.
  func commit(_ temporary: String, to path: String) async throws -> Bool {
    try await blocking {
      do throws(StorageError) {
        try DurableFile.commit(temporary: temporary, to: path, replacing: false)
        return true
      } catch .exists {
        return false
      }
    }
  }

  private func digest(of path: String) async throws -> [UInt8]? {
    try await blocking { try FileDigest.sha256(of: path) }
  }
}
