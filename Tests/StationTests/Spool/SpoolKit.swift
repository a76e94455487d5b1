import Batch
import Foundation
import Glibc
import Pipeline
import TestKit

@testable import Station

/// A spool in a temporary directory, with one partner.
struct SpoolKit {
  static let partner = "registry"

  struct StillClock: WallClock {
    func now() -> Timestamp { Timestamp(millisecondsSinceEpoch: 1_800_000_000_000) }
  }

  let home: TemporaryDirectory
  let directory: SpoolDirectory
  let spool: Spool

  init() throws {
    home = try TemporaryDirectory()
    directory = SpoolDirectory(path: home.file("spool"))
    try directory.prepare(for: Self.partner)
    spool = Spool(directory: directory, outbox: Outbox(path: directory.outbox), clock: StillClock())
  }

  var inbox: String { directory.inbox(of: Self.partner) }
  var rejected: [String] { names(directory.rejected(of: Self.partner)) }
  var archive: [String] { names(directory.archive(of: Self.partner)) }
  var outbox: [String] { names("\(directory.outbox)/\(Self.partner)") }
  var work: [String] { names(directory.work) }

  func names(_ directory: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
  }

  @discardableResult
  func drop(_ name: String, _ text: String = "content") throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(inbox)/\(name)"))
    return "\(inbox)/\(name)"
  }

  /// The file as a scan would have judged it.
  func seen(_ name: String) throws -> DroppedFile {
    guard case .file(let stamp, let changed) = FileEntry(at: "\(inbox)/\(name)") else {
      throw Command.Failure(description: "\(name) is no file")
    }
    return DroppedFile(key: .init(partner: Self.partner, name: name), stamp: stamp, changed: changed)
  }

  func taken(_ name: String, _ text: String = "content") throws -> WorkItem {
    try drop(name, text)
    guard let item = try spool.take(seen(name)) else { throw Command.Failure(description: "\(name) was not taken") }
    return item
  }

  /// What waits in the outbox to be put to its place.
  func sealed(_ item: WorkItem, place: String = "batch.result.p7m", _ text: String = "sealed") throws -> SealedRefusal {
    let temporary = "\(Self.partner)/.refusal-\(item.token).tmp"
    try Data(text.utf8).write(to: URL(filePath: "\(directory.outbox)/\(temporary)"))
    let digest = try Command.tool("sha256sum", ["\(directory.outbox)/\(temporary)"]).prefix(64)
    let digits = digest.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return SealedRefusal(
      place: "\(Self.partner)/\(place)", temporary: temporary,
      digest: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }

  static let rejection = Rejection(Problem(.truncated, "the CMS structure ends too early"))
}

enum SealedRefusalFixture {
  static let answer = SealedRefusal(
    place: "registry/a.result.p7m", temporary: "registry/.refusal-0.tmp",
    digest: (0..<32).map { UInt8(truncatingIfNeeded: $0 * 9) })
}
