import Batch
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test("a date-time of RFC 3339 is read to the millisecond and written back")
  func roundTrip() {
    #expect(Timestamp(rfc3339: "2026-11-23T02:00:04Z")?.millisecondsSinceEpoch == 1_795_399_204_000)
  }
}
