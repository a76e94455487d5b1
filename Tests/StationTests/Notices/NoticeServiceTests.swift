import Batch
import Glibc
import Journal
import ServiceLifecycle
import TestKit
import Testing

@testable import Station

@Suite("the service of notices", .timeLimit(.minutes(2)))
struct NoticeServiceTests {
  private let kit: NoticeKit

  init() throws { kit = try NoticeKit() }

  private func service(_ source: any NoticeSource, _ places: NoticeTarget.Place...) -> NoticeService {
    let targets = places.map { NoticeTarget(owner: .operator, place: $0) }
    return NoticeService(kit.parts(source), pause: .milliseconds(1), patience: .milliseconds(100)) { targets }
  }

  @Test("whoever is slow holds up nobody else, and the end of the service is not held up")
  func slowTarget() async throws {
    let place = try kit.place()
    let mark = kit.directory.file("mark")
    let program = try kit.program("echo $$ > \(mark).new; mv \(mark).new \(mark); sleep 1000")
    let trail = MemoryTrail([Trail.entry(1), Trail.entry(2)])
    let service = service(trail, .command(program), .directory(place))
    // Both targets were there before.
    for target in [NoticeTarget.Place.command(program), .directory(place)] {
      try await trail.setPosition(-1, of: NoticeTarget(owner: .operator, place: target).reader)
    }
    let group = ServiceGroup(services: [service], logger: kit.log.logger())
    async let running: Void = group.run()
    try await eventually { access(mark, F_OK) == 0 }
    try await eventually { try kit.names(in: place).count == 2 }
    trail.append(Trail.entry(3))
    try await eventually { try kit.names(in: place).count == 3 }
    await group.triggerGracefulShutdown()
    try await running
    // What was cut off is not written down as delivered.
    #expect(try await trail.position(of: NoticeTarget(owner: .operator, place: .command(program)).reader) == -1)
    let process = try #require(try kit.lines(of: "mark").first.flatMap { pid_t($0) })
    #expect(kill(process, 0) != 0)
  }

  @Test("a new target is told of what comes, not of what was")
  func newTarget() async throws {
    let place = try kit.place()
    let trail = MemoryTrail([Trail.entry(1)])
    try await service(trail, .directory(place)).prepare()
    trail.append(Trail.entry(2))
    await service(trail, .directory(place)).deliverPending()
    #expect(try kit.names(in: place) == ["000000000002-completed-VUP-1.json"])
  }

  @Test("a target that was there before the first entry is told of it, however often the daemon is started")
  func firstEntry() async throws {
    let place = try kit.place()
    let trail = MemoryTrail([])
    try await service(trail, .directory(place)).prepare()
    trail.append(Trail.entry(1))
    try await service(trail, .directory(place)).prepare()
    await service(trail, .directory(place)).deliverPending()
    #expect(try kit.names(in: place).count == 1)
  }

  @Test("the place in the trail of a real journal outlives the process")
  func journal() async throws {
    let place = try kit.place()
    let path = kit.directory.file("journal.sqlite")
    var event = AuditEvent(.fileRejected, by: .daemon, details: [.init("code", "not-sealed")])
    event.file = "a.p7m"
    let first = try SQLiteJournal(path: path, actor: .daemon)
    try await service(JournalNoticeSource(journal: first), .directory(place)).prepare()
    try await first.note(event, at: Timestamp(millisecondsSinceEpoch: 0))
    await service(JournalNoticeSource(journal: first), .directory(place)).deliverPending()
    try first.close()
    #expect(try kit.names(in: place) == ["000000000001-rejected-unknown.json"])
    try Command.tool("rm", ["\(place)/000000000001-rejected-unknown.json"])
    let second = try SQLiteJournal(path: path, actor: .daemon)
    await service(JournalNoticeSource(journal: second), .directory(place)).deliverPending()
    #expect(try kit.names(in: place).isEmpty)
    try second.close()
  }
}
