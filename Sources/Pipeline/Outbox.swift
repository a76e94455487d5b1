import Journal

/// Where results go: a directory for each partner.
public struct Outbox: Sendable {
  private static let maximumStemBytes = 180

  private let path: String

  /// The outbox at `path`, which exists.
  public init(path: String) { self.path = path }

  /// Where a place of the outbox is now. Places are told from the outbox on, so that a home can be moved.
  func path(of place: String) -> String { "\(path)/\(place)" }

  /// The first free place for a result of the file called `name`: `NAME.result.p7m`, `NAME.result-2.p7m` and so on.
  ///
  /// A published result never changes, so a later answer, and a batch that comes under the same file name, takes the
  /// next number.
  func freePlace(for name: String, of partner: String) throws -> String {
    _ = try directory(of: partner)
    let stem = Self.stem(of: name)
    var number = 1
    while true {
      let place = "\(partner)/\(stem).result\(number == 1 ? "" : "-\(number)").p7m"
      if !FileDigest.exists(path(of: place)) { return place }
      number += 1
    }
  }

  /// Where the result of a batch grows. The name is the batch's own, so that what a crash left is found and replaced.
  func temporaryPath(of batch: BatchRecord) throws -> String {
    "\(try directory(of: batch.partner))/.batch-\(batch.number.rawValue).tmp"
  }

  /// Where the refusal of a partner's file grows.
  func refusalTemporaryPath(of partner: String) throws -> String { "\(try directory(of: partner))/.refusal.tmp" }

  func directory(of partner: String) throws -> String {
    let directory = "\(path)/\(partner)"
    try Directory.create(directory, mode: 0o700)
    return directory
  }

  /// A dropped file's name without its directory and `.p7m`.
  static func stem(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    let stem = last.hasSuffix(".p7m") && last.utf8.count > 4 ? String(last.dropLast(4)) : last
    guard stem.utf8.count > maximumStemBytes else { return stem }
    // A name may have 255 bytes (NAME_MAX), and ours is longer than the one it answers to.
    var cut = ""
    for character in stem {
      guard cut.utf8.count + character.utf8.count <= maximumStemBytes else { break }
      cut.append(character)
    }
    return cut
  }
}
