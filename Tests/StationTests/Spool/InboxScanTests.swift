import Batch
import Foundation
import Glibc
import TestKit
import Testing

@testable import Station

@Suite("A scan of the inboxes")
struct InboxScanTests {
  private let kit: SpoolKit
  init() throws { kit = try SpoolKit() }

  private func scan(settle: Duration = .zero) throws -> InboxScan.Findings {
    var watch = InboxWatch(.init(settle: settle, truncatedAfter: .seconds(600)))
    let moment = InboxWatch.Moment(wall: SystemClock().now(), uptime: .zero)
    return try InboxScan(spool: kit.directory, partners: [SpoolKit.partner]).run(&watch, at: moment)
  }

  private func troubles(_ findings: InboxScan.Findings) -> [String] {
    findings.troubles.map { "\($0.path.split(separator: "/").last ?? ""): \($0.reason)" }.sorted()
  }

  @Test("finds what is no sealed file too: it is taken and refused")
  func foreign() throws {
    try kit.drop("batch.json", "{}")
    #expect(try scan().ready.map(\.key.name) == ["batch.json"])
  }

  @Test("leaves a file that ends too early, an empty one among them")
  func incomplete() throws {
    try kit.drop("empty.p7m", "")
    // A sequence whose length has not come.
    try kit.drop("cut.p7m", "0")
    let findings = try scan()
    #expect(findings.ready == [])
    #expect(findings.incompleteCount == 2)
  }

  @Test("says when the first of the files that are not still may be taken")
  func settling() throws {
    try kit.drop("batch.json", "{}")
    let findings = try scan(settle: .seconds(3_600))
    #expect(findings.ready == [])
    #expect(findings.settlingCount == 1)
    #expect(try #require(findings.nextAfter) <= .seconds(3_600))
  }

  @Test("passes over directories and unfinished names without a word")
  func passedOver() throws {
    try kit.drop(".batch.p7m", "{}")
    try kit.drop("batch.p7m.part", "{}")
    mkdir("\(kit.inbox)/folder", 0o700)
    let findings = try scan()
    #expect(findings.ready == [])
    #expect(findings.troubles == [])
  }

  @Test("tells a link, though it leads to a file that could be taken")
  func symbolicLink() throws {
    let file = try kit.home.write("{}".utf8, as: "elsewhere.json")
    symlink(file, "\(kit.inbox)/link.p7m")
    let findings = try scan()
    #expect(findings.ready == [])
    #expect(troubles(findings) == ["link.p7m: it is a symbolic link"])
  }

  @Test("tells a pipe and does not wait for its writer")
  func pipe() throws {
    mkfifo("\(kit.inbox)/pipe.p7m", 0o600)
    #expect(troubles(try scan()) == ["pipe.p7m: it is a pipe"])
  }

  @Test("tells a file that somebody holds by another name, and finds it when they have let go")
  func hardLink() throws {
    let path = try kit.drop("batch.json", "{}")
    link(path, kit.home.file("other"))
    #expect(troubles(try scan()) == ["batch.json: it has another hard link"])
    unlink(kit.home.file("other"))
    #expect(try scan().ready.map(\.key.name) == ["batch.json"])
  }

  @Test("tells names that nobody could write down, and leaves the files where they are")
  func names() throws {
    let long = String(repeating: "x", count: 181)
    try kit.drop(long, "{}")
    try kit.drop("a\nb", "{}")
    let latin: [CChar] = Array("\(kit.inbox)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFC), 0]
    rename(try kit.drop("latin", "{}"), latin)
    let findings = try scan()
    #expect(findings.ready == [])
    #expect(
      findings.troubles.map(\.reason).sorted() == [
        "its name has control characters", "its name is longer than 180 bytes", "its name is not UTF-8",
      ])
    #expect(try SpoolDirectory.names(in: kit.inbox).count == 3)
  }

  @Test("tells an inbox that is nobody's")
  func unknownPartner() throws {
    try kit.home.write([], as: "spool/stray")
    mkdir("\(kit.directory.inbox)/stranger", 0o700)
    try Data("{}".utf8).write(to: URL(filePath: "\(kit.directory.inbox)/stranger/batch.json"))
    let findings = try scan()
    #expect(findings.ready == [])
    #expect(troubles(findings) == ["stranger: no partner of this name is registered"])
  }

  @Test("hands over so many of one partner's files, the oldest, and all of the other's")
  func manyFiles() throws {
    let (limit, other) = (InboxScan.filesPerPartner, "other")
    try kit.directory.prepare(for: other)
    // Names in the order in which they came, where the times are the same.
    for number in 1_000..<1_000 + limit + 10 { try kit.drop("\(number)", "{}") }
    try Data("{}".utf8).write(to: URL(filePath: "\(kit.directory.inbox(of: other))/only"))
    var watch = InboxWatch(.init(settle: .zero, truncatedAfter: .seconds(600)))
    var scan = InboxScan(spool: kit.directory, partners: [SpoolKit.partner, other])
    let moment = InboxWatch.Moment(wall: SystemClock().now(), uptime: .zero)
    let first = try scan.run(&watch, at: moment)
    let mine = first.ready.filter { $0.key.partner == SpoolKit.partner }
    #expect(mine.map(\.key.name) == (1_000..<1_000 + limit).map { "\($0)" })
    #expect(first.ready.count == limit + 1)
    #expect(first.laterCount == 10)
    for file in mine.dropFirst(1) { _ = try kit.spool.take(file) }
    scan.excluded = [mine[0].key]
    let second = try scan.run(&watch, at: moment)
    let rest = second.ready.filter { $0.key.partner == SpoolKit.partner }.map(\.key.name)
    #expect(rest == (1_000 + limit..<1_000 + limit + 10).map { "\($0)" })
    #expect(second.laterCount == 0)
  }

  @Test("opens so many of one partner's files that end too early, and goes on with the next look")
  func manyIncomplete() throws {
    let limit = InboxScan.filesPerPartner
    for number in 0..<limit { try kit.drop("\(number + 1_000)", "0") }
    try kit.drop("last", "{}")
    var watch = InboxWatch(.init(settle: .zero, truncatedAfter: .seconds(600)))
    let scan = InboxScan(spool: kit.directory, partners: [SpoolKit.partner])
    let moment = InboxWatch.Moment(wall: SystemClock().now(), uptime: .zero)
    let first = try scan.run(&watch, at: moment)
    #expect(first.ready == [])
    #expect(first.incompleteCount == limit)
    #expect(first.settlingCount == 1)
    let second = try scan.run(&watch, at: moment)
    #expect(second.ready.map(\.key.name) == ["last"])
    #expect(second.incompleteCount == limit)
  }

  @Test("tells so many troubles of an inbox one by one, and that there are more")
  func manyTroubles() throws {
    for number in 0...InboxScan.filesPerPartner { symlink("/nowhere", "\(kit.inbox)/\(number)") }
    let findings = try scan()
    #expect(findings.troubles.count == InboxScan.filesPerPartner + 1)
    #expect(findings.troubles.contains { $0.path == kit.inbox })
  }

  @Test("finds the file that came first, first")
  func order() throws {
    for name in ["c", "a", "b"] {
      try kit.drop(name, "{}")
      try awaitLaterTime(than: kit.seen(name).changed)
    }
    #expect(try scan().ready.map(\.key.name) == ["c", "a", "b"])
  }

  /// The kernel's times of files go in steps of some milliseconds: writes until the next.
  private func awaitLaterTime(than time: Timestamp) throws {
    var latest = time
    while latest <= time {
      try kit.drop(".probe", "{}")
      guard case .file(_, let changed) = FileEntry(at: "\(kit.inbox)/.probe") else { return }
      latest = changed
    }
  }
}
