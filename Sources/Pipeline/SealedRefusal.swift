import Batch
import Cryptography
import Partners
import Storage

/// The sealed answer to a refused file, before it has its place: whoever puts it there writes down where first, so that
/// it is put there once, whatever is killed.
public struct SealedRefusal: Hashable, Sendable {
  /// Where it goes, from the outbox on.
  public var place: String
  /// Where it grew, from the outbox on.
  public let temporary: String
  /// SHA-256 of the sealed bytes.
  public let digest: [UInt8]

  /// An answer that waits at `temporary` to be put to `place`.
  public init(place: String, temporary: String, digest: [UInt8]) {
    self.place = place
    self.temporary = temporary
    self.digest = digest
  }
}

extension Publisher {
  /// Seals the refusal of a file beside the place that it will have; `token` tells it from others that wait there.
  func seal(_ rejection: Rejection, of header: BatchHeader?, file: String, token: String, to partner: Partner)
    async throws -> SealedRefusal
  {
    let temporary = try outbox.refusalTemporary(token, of: partner.name)
    let path = outbox.path(of: temporary)
    // What a crash left before its name was written down: nobody has seen it.
    try FileDigest.removeIfPresent(path)
    let written = try await write(rejection, of: header, to: partner, at: path)
    CrashPoint.reached(.publishSealed)
    let place = try outbox.freePlace(for: file, of: partner.name)
    try await note(written, of: rejection, batchID: header?.batchID, file: file, at: place, to: partner)
    return SealedRefusal(place: place, temporary: temporary, digest: written.digest.bytes)
  }
}

extension Outbox {
  private static let refusalPrefix = ".refusal-"

  /// Where the refusal of one file grows, from the outbox on.
  func refusalTemporary(_ token: String, of partner: String) throws -> String {
    _ = try directory(of: partner)
    return "\(partner)/\(Self.refusalPrefix)\(token).tmp"
  }

  /// Puts a refusal to its place. Told again, it changes nothing; it blocks.
  ///
  /// - Returns: `false` when something else is there: give it another place, write that down, and try again.
  public func put(_ refusal: SealedRefusal) throws -> Bool {
    let (temporary, path) = (path(of: refusal.temporary), path(of: refusal.place))
    // It goes away only after it has its place, where its reader may have taken it by now.
    guard FileDigest.exists(temporary) else { return true }
    if try FileDigest.sha256(of: path) == refusal.digest {
      try DurableFile.remove(temporary)
      return true
    }
    do throws(StorageError) {
      try DurableFile.commit(temporary: temporary, to: path, replacing: false)
      return true
    } catch .exists {
      return false
    }
  }

  /// The first free place for an answer to the file called `name`, from the outbox on.
  public func place(forAnswerTo name: String, of partner: String) throws -> String {
    try freePlace(for: name, of: partner)
  }

  /// Removes what was sealed for a partner's refused files and has no place written down; `kept` are the tokens of
  /// those that have.
  public func sweepRefusals(of partner: String, except kept: Set<String>) throws {
    for name in try Directory.names(in: path(of: partner)) {
      guard name.hasPrefix(Self.refusalPrefix), name.hasSuffix(".tmp") else { continue }
      let token = name.dropFirst(Self.refusalPrefix.count).dropLast(4)
      if !kept.contains(String(token)) { try DurableFile.remove(path(of: "\(partner)/\(name)")) }
    }
  }
}
