import Batch
import Envelope
import Testing

@testable import Station

@Suite("A file in an inbox")
struct InboxWatchTests {
  private static let start: Int64 = 1_800_000_000
  private var watch = InboxWatch(.init(settle: .seconds(10), truncatedAfter: .seconds(600)))

  /// The file as it is, changed last at so many seconds.
  private func file(_ byteCount: Int = 100, modified: Int64 = 0, inode: UInt64 = 1) -> DroppedFile {
    DroppedFile(
      key: .init(partner: "p", name: "a.p7m"),
      stamp: .init(inode: inode, byteCount: byteCount, modified: (Self.start + modified) * 1_000_000_000),
      changed: Timestamp(millisecondsSinceEpoch: (Self.start + modified) * 1_000))
  }

  /// So many seconds after the start, by a wall clock that is ahead by `skew`.
  private func moment(_ seconds: Int64, skew: Int64 = 0) -> InboxWatch.Moment {
    .init(
      wall: Timestamp(millisecondsSinceEpoch: (Self.start + seconds + skew) * 1_000), uptime: .seconds(seconds))
  }

  @Test("is taken once it has been still, if its framing is whole")
  mutating func settles() {
    #expect(watch.judge(file(), at: moment(1)) { .whole } == .settling(.seconds(9)))
    #expect(watch.judge(file(), at: moment(9)) { .whole } == .settling(.seconds(1)))
    #expect(watch.judge(file(), at: moment(10)) { .whole } == .take)
  }

  @Test("is not looked into before it has been still")
  mutating func notLookedInto() {
    var looks = 0
    for second in 0..<10 {
      _ = watch.judge(file(), at: moment(Int64(second))) {
        looks += 1
        return .whole
      }
    }
    #expect(looks == 0)
  }

  @Test("waits anew when it grows, is written to, or is replaced")
  mutating func changes() {
    _ = watch.judge(file(), at: moment(0)) { .whole }
    #expect(watch.judge(file(101, modified: 9), at: moment(9)) { .whole } == .settling(.seconds(10)))
    #expect(watch.judge(file(101, modified: 18), at: moment(18)) { .whole } == .settling(.seconds(10)))
    #expect(watch.judge(file(101, modified: 18, inode: 2), at: moment(27)) { .whole } == .settling(.seconds(1)))
    #expect(watch.judge(file(101, modified: 18, inode: 2), at: moment(28)) { .whole } == .take)
  }

  @Test("is taken at once when it was still long before it was seen first")
  mutating func oldFile() {
    #expect(watch.judge(file(), at: moment(3_600)) { .whole } == .take)
  }

  @Test("is taken after the time that it was watched, when its own time is to come")
  mutating func futureTime() {
    let file = file(modified: 86_400)
    #expect(watch.judge(file, at: moment(1)) { .whole } == .settling(.seconds(10)))
    #expect(watch.judge(file, at: moment(11)) { .whole } == .take)
  }

  @Test("is taken after the time that it was watched, when the clock is set back")
  mutating func clockSetBack() {
    #expect(watch.judge(file(), at: moment(0)) { .whole } == .settling(.seconds(10)))
    #expect(watch.judge(file(), at: moment(10, skew: -7_200)) { .whole } == .take)
  }

  @Test("is not believed to be still because its writer sets its time back")
  mutating func timeSetBack() {
    var file = file()
    file.stamp.modified = 0
    #expect(watch.judge(file, at: moment(1)) { .whole } == .settling(.seconds(9)))
  }

  @Test("that ends too early is left until it has been still for as long as a cut file may be, and then taken")
  mutating func truncated() {
    #expect(watch.judge(file(), at: moment(10)) { .endsEarly } == .incomplete)
    #expect(watch.judge(file(), at: moment(599)) { .endsEarly } == .incomplete)
    #expect(watch.judge(file(), at: moment(600)) { .endsEarly } == .take)
  }

  @Test("that ends too early is taken when the rest has come")
  mutating func completed() {
    #expect(watch.judge(file(), at: moment(10)) { .endsEarly } == .incomplete)
    #expect(watch.judge(file(200, modified: 300), at: moment(305)) { .whole } == .settling(.seconds(5)))
    #expect(watch.judge(file(200, modified: 300), at: moment(310)) { .whole } == .take)
  }

  @Test("that ends too early is looked into once for each state that it is found in")
  mutating func lookedIntoOnce() {
    var looks = 0
    for second in 10..<20 {
      _ = watch.judge(file(), at: moment(Int64(second))) {
        looks += 1
        return .endsEarly
      }
    }
    #expect(looks == 1)
  }

  @Test("that is no sealed file is taken when it has been still: waiting makes it none")
  mutating func foreign() { #expect(watch.judge(file(), at: moment(10)) { .none } == .take) }

  @Test("is taken at sight where nothing is to be waited for")
  func noWait() {
    var watch = InboxWatch(.init(settle: .zero, truncatedAfter: .seconds(600)))
    #expect(watch.judge(file(modified: 5), at: moment(0)) { .whole } == .take)
  }

  @Test("is a new one when it comes again under its name")
  mutating func comesAgain() {
    _ = watch.judge(file(modified: 86_400), at: moment(0)) { .whole }
    watch.keep(only: [])
    #expect(watch.judge(file(modified: 86_400), at: moment(20)) { .whole } == .settling(.seconds(10)))
  }
}
