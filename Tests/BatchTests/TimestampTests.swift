import Batch
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "a date-time of RFC 3339 is read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0),
      ("2026-11-23T02:00:04Z", 1_795_399_204_000),
      ("2026-11-23T02:00:04.5Z", 1_795_399_204_500),
      ("2026-11-23T02:00:04.1239Z", 1_795_399_204_123),
      ("2026-11-23t02:00:04z", 1_795_399_204_000),
      ("2026-11-23T04:00:04+02:00", 1_795_399_204_000),
      ("2026-11-22T20:30:04-05:30", 1_795_399_204_000),
      ("2026-11-23T02:00:04-00:00", 1_795_399_204_000),
      ("2000-02-29T00:00:00Z", 951_782_400_000),
      ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
      ("2024-03-01T00:00:00Z", 1_709_251_200_000),
      ("1969-12-31T23:59:59.999Z", -1),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func reading(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.millisecondsSinceEpoch == milliseconds)
  }

  @Test(
    "a leap second is the last millisecond of its minute",
    arguments: ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.7Z", "2017-01-01T01:59:60+02:00"])
  func leapSecond(text: String) {
    #expect(Timestamp(rfc3339: text) == Timestamp(rfc3339: "2016-12-31T23:59:59.999Z"))
  }

  @Test(
    "what is no date-time is refused",
    arguments: [
      "", "2026-11-23", "2026-11-23T02:00:04", "2026-11-23 02:00:04Z", "2026-11-23T02:00Z", "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-00T00:00:00Z", "2025-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T02:60:00Z", "2026-11-23T02:00:61Z",
      "2026-11-23T02:00:60Z", "2026-11-23T02:00:04.Z", "2026-11-23T02:00:04+24:00", "2026-11-23T02:00:04+02:60",
      "2026-11-23T02:00:04+0200", "2026-11-23T02:00:04Zx", "+026-11-23T02:00:04Z", "２026-11-23T02:00:04Z",
    ])
  func refusing(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("a whole second is written without a fraction")
  func wholeSecond() {
    #expect(Timestamp(millisecondsSinceEpoch: 1_795_399_204_000).rfc3339 == "2026-11-23T02:00:04Z")
  }

  @Test("milliseconds are written with three digits")
  func milliseconds() {
    #expect(Timestamp(millisecondsSinceEpoch: 1_795_399_204_050).rfc3339 == "2026-11-23T02:00:04.050Z")
  }

  @Test("every instant of the four-digit years is read as it was written")
  func roundTrip() {
    var generator = SeededGenerator(seed: 20_261_122)
    for _ in 0..<2_000 {
      let instant = Timestamp(
        millisecondsSinceEpoch: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator))
      #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
    }
  }

  @Test("instants outside the four-digit years are written without a trap", arguments: [Int64.min, Int64.max])
  func extremes(milliseconds: Int64) {
    #expect(Timestamp(millisecondsSinceEpoch: milliseconds).rfc3339.hasSuffix("Z"))
  }

  @Test("the system's clock runs forward from a day that is past")
  func systemClock() throws {
    let first = SystemClock().now()
    #expect(try first > #require(Timestamp(rfc3339: "2025-01-01T00:00:00Z")))
    #expect(SystemClock().now() >= first)
  }
}
