import Batch
import Journal
import Testing

@testable import Station

@Suite("The daemon's schedule")
struct ScheduleTests {
  private static let start: Int64 = 1_800_000_000
  private var schedule = Schedule(Schedule.Limits())

  private func moment(_ seconds: Int64) -> InboxWatch.Moment {
    .init(wall: wall(seconds), uptime: .seconds(seconds))
  }
  private func wall(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: (Self.start + seconds) * 1_000)
  }
  private func batch(
    _ number: Int64, of partner: String = "p", lines: Int = 10, executeAt: Timestamp? = nil, isHeld: Bool = false,
    expiresAt: Timestamp? = nil
  ) -> Schedule.BatchJob {
    .init(
      number: BatchNumber(rawValue: number), partner: partner, lineCount: lines, executeAt: executeAt, isHeld: isHeld,
      expiresAt: expiresAt)
  }
  private func file(_ name: String, of partner: String = "p", bytes: Int = 100) -> Schedule.FileJob {
    let stamp = DroppedFile.Stamp(inode: 1, byteCount: bytes, modified: 0)
    return .init(
      partner: partner, byteCount: bytes,
      place: .inbox(.init(key: .init(partner: partner, name: name), stamp: stamp, changed: wall(0))))
  }
  private func work(_ numbers: Int64...) -> [Schedule.Action] { numbers.map { .work(BatchNumber(rawValue: $0)) } }
  private func number(_ value: Int64) -> BatchNumber { BatchNumber(rawValue: value) }

  @Test("begins the files that are ready, one of a partner at a time")
  mutating func files() {
    let (a, b, other) = (file("a"), file("b"), file("c", of: "q"))
    #expect(schedule.handle(.inbox([a, b, other]), at: moment(0)) == [.receive(a), .receive(other)])
    #expect(schedule.handle(.inbox([b]), at: moment(1)) == [])
    #expect(schedule.handle(.fileEnded(a, again: nil), at: moment(2)) == [.receive(b)])
  }

  @Test("forgets a file that has gone from the inbox before its turn")
  mutating func goneFile() {
    let (a, b) = (file("a"), file("b"))
    _ = schedule.handle(.inbox([a, b]), at: moment(0))
    _ = schedule.handle(.inbox([]), at: moment(1))
    #expect(schedule.handle(.fileEnded(a, again: nil), at: moment(2)) == [])
  }

  @Test("begins a file once, though scan after scan names it, and what a later one names after it")
  mutating func namedAgain() {
    let (a, b, c) = (file("a"), file("b"), file("c"))
    #expect(schedule.handle(.inbox([a, b]), at: moment(0)) == [.receive(a)])
    #expect(schedule.handle(.inbox([b]), at: moment(1)) == [])
    #expect(schedule.handle(.inbox([b, c]), at: moment(2)) == [])
    #expect(schedule.waitingFileCount == 2)
    #expect(schedule.handle(.fileEnded(a, again: nil), at: moment(3)) == [.receive(b)])
    #expect(schedule.handle(.fileEnded(b, again: nil), at: moment(4)) == [.receive(c)])
    #expect(schedule.handle(.fileEnded(c, again: nil), at: moment(5)) == [])
  }

  @Test("tries a file again after pauses that grow up to a quarter of an hour")
  mutating func fileAgain() throws {
    var item = file("a")
    item.place = .work(try WorkItem(.init(partner: "p", name: "a")))
    #expect(schedule.handle(.taken(item), at: moment(0)) == [.receive(item)])
    var now: Int64 = 0
    for pause: Int64 in [30, 60, 120, 240, 480, 900, 900] {
      #expect(schedule.handle(.fileEnded(item, again: item), at: moment(now)) == [])
      #expect(schedule.handle(.time, at: moment(now + pause - 1)) == [])
      #expect(schedule.handle(.time, at: moment(now + pause)) == [.receive(item)])
      now += pause
    }
  }

  @Test("works on what the journal names, and no more once it does not")
  mutating func journal() {
    #expect(schedule.handle(.journal([batch(1), batch(2)]), at: moment(0)) == work(1, 2))
    #expect(schedule.handle(.batchEnded(number(1), .finished), at: moment(1)) == [])
    #expect(schedule.handle(.journal([batch(2)]), at: moment(2)) == [])
    #expect(schedule.handle(.batchEnded(number(2), .unfinished), at: moment(3)) == [])
    #expect(schedule.handle(.journal([]), at: moment(4)) == [])
    #expect(schedule.handle(.time, at: moment(1_000)) == [])
  }

  @Test("waits for a batch's time, by the wall clock")
  mutating func executeAt() {
    let early = batch(1, executeAt: wall(100))
    #expect(schedule.handle(.journal([early]), at: moment(0)) == [])
    #expect(schedule.handle(.time, at: moment(99)) == [])
    #expect(schedule.handle(.time, at: moment(100)) == work(1))
  }

  @Test("leaves a held batch alone, until it is let go or has ended")
  mutating func held() {
    let held = batch(1, isHeld: true)
    #expect(schedule.handle(.journal([held]), at: moment(0)) == [])
    #expect(schedule.handle(.journal([batch(1)]), at: moment(1)) == work(1))
    let ending = batch(2, isHeld: true, expiresAt: wall(50))
    #expect(schedule.handle(.journal([batch(1), ending]), at: moment(49)) == [])
    #expect(schedule.handle(.time, at: moment(50)) == work(2))
  }

  @Test("asks for missing answers with growing pauses, and at once after an operator has let it go on")
  mutating func partial() {
    _ = schedule.handle(.journal([batch(1)]), at: moment(0))
    _ = schedule.handle(.batchEnded(number(1), .unfinished), at: moment(0))
    #expect(schedule.handle(.journal([batch(1)]), at: moment(29)) == [])
    #expect(schedule.handle(.time, at: moment(30)) == work(1))
    _ = schedule.handle(.batchEnded(number(1), .unfinished), at: moment(30))
    #expect(schedule.handle(.time, at: moment(89)) == [])
    _ = schedule.handle(.journal([batch(1, isHeld: true)]), at: moment(60))
    #expect(schedule.handle(.journal([batch(1)]), at: moment(61)) == work(1))
  }

  @Test("looks again soon after another process had the batch")
  mutating func busy() {
    _ = schedule.handle(.journal([batch(1)]), at: moment(0))
    #expect(schedule.handle(.batchEnded(number(1), .busy), at: moment(0)) == [])
    #expect(schedule.handle(.time, at: moment(3)) == work(1))
  }

  @Test("works on a finished batch when its answer is asked for, and keeps that in mind though the journal is silent")
  mutating func ordered() {
    #expect(schedule.handle(.batch(batch(7)), at: moment(0)) == work(7))
    #expect(schedule.handle(.journal([]), at: moment(1)) == [])
    _ = schedule.handle(.batchEnded(number(7), .unfinished), at: moment(1))
    #expect(schedule.handle(.journal([]), at: moment(2)) == [])
    #expect(schedule.handle(.time, at: moment(31)) == work(7))
    _ = schedule.handle(.batchEnded(number(7), .finished), at: moment(32))
    #expect(!schedule.knows(number(7)))
  }

  @Test("gives large batches half of the places, so that small ones find room")
  mutating func large() {
    let large = (1...8).map { batch($0, lines: 100_001) }
    #expect(schedule.handle(.journal(large), at: moment(0)) == work(1, 2, 3, 4))
    #expect(schedule.handle(.journal(large + [batch(9, lines: 100_000)]), at: moment(1)) == work(9))
  }

  @Test("begins nothing more once it is stopped, and knows what still runs")
  mutating func stopped() {
    _ = schedule.handle(.journal([batch(1)]), at: moment(0))
    #expect(schedule.handle(.stop, at: moment(1)) == [])
    #expect(schedule.handle(.journal([batch(1), batch(2)]), at: moment(2)) == [])
    #expect(schedule.runningCount == 1)
    _ = schedule.handle(.batchEnded(number(1), .unfinished), at: moment(3))
    #expect(schedule.runningCount == 0)
  }
}
