extension Timestamp {
  /// The instant that an RFC 3339 date-time names, such as "2026-11-23T02:00:04Z" or "2026-11-23T04:00:04.5+02:00".
  ///
  /// Digits of the fraction past the millisecond are dropped. A leap second (`:60`, only at 23:59 UTC) is taken as the
  /// last millisecond of its minute, because the count of milliseconds since the epoch has no place for it.
  public init?(rfc3339 text: String) {
    var text = text
    guard let instant = text.withUTF8({ DateTimeFields(parsing: $0)?.millisecondsSinceEpoch }) else { return nil }
    self.init(millisecondsSinceEpoch: instant)
  }

  /// The instant in UTC as RFC 3339 writes it, with three digits of fraction unless the milliseconds are zero.
  public var rfc3339: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func append(to bytes: inout [UInt8]) {
    let (day, millisecondOfDay) = millisecondsSinceEpoch.flooredQuotientAndRemainder(86_400_000)
    let date = CivilDate(daysSinceEpoch: day)
    bytes.appendDecimal(date.year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDecimal(date.month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDecimal(date.day, width: 2)
    bytes.append(UInt8(ascii: "T"))
    bytes.appendDecimal(millisecondOfDay / 3_600_000, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDecimal(millisecondOfDay / 60_000 % 60, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDecimal(millisecondOfDay / 1_000 % 60, width: 2)
    if millisecondOfDay % 1_000 != 0 {
      bytes.append(UInt8(ascii: "."))
      bytes.appendDecimal(millisecondOfDay % 1_000, width: 3)
    }
    bytes.append(UInt8(ascii: "Z"))
  }
}

/// A date of the proleptic Gregorian calendar. The two conversions count from 1 March, so that a leap day is the last
/// of its year, in eras of 400 years (146,097 days).
private struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  init(daysSinceEpoch: Int64) {
    let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredQuotientAndRemainder(146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  init?(year: Int64, month: Int64, day: Int64) {
    guard (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let length: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    guard day <= length else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  var daysSinceEpoch: Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredQuotientAndRemainder(400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// RFC 3339 §5.6, `date-time`.
private struct DateTimeFields {
  let millisecondsSinceEpoch: Int64

  init?(parsing bytes: UnsafeBufferPointer<UInt8>) {
    var cursor = Cursor(bytes: bytes)
    guard let year = cursor.number(4), cursor.take("-"), let month = cursor.number(2), cursor.take("-"),
      let day = cursor.number(2), let date = CivilDate(year: year, month: month, day: day),
      cursor.take("T") || cursor.take("t"),
      let hour = cursor.number(2), hour <= 23, cursor.take(":"), let minute = cursor.number(2), minute <= 59,
      cursor.take(":"), let second = cursor.number(2), second <= 60,
      let milliseconds = cursor.fraction(), let offsetMinutes = cursor.offset(), cursor.isAtEnd
    else { return nil }
    let minutes = date.daysSinceEpoch * 1_440 + hour * 60 + minute - offsetMinutes
    if second == 60 {
      guard minutes.flooredQuotientAndRemainder(1_440).remainder == 1_439 else { return nil }
      millisecondsSinceEpoch = minutes * 60_000 + 59_999
    } else {
      millisecondsSinceEpoch = minutes * 60_000 + second * 1_000 + milliseconds
    }
  }

  private struct Cursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0

    var isAtEnd: Bool { at == bytes.count }

    mutating func digit() -> Int64? {
      guard at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) else { return nil }
      defer { at += 1 }
      return Int64(bytes[at] - UInt8(ascii: "0"))
    }

    mutating func number(_ width: Int) -> Int64? {
      var value: Int64 = 0
      for _ in 0..<width {
        guard let digit = digit() else { return nil }
        value = value * 10 + digit
      }
      return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
      at += 1
      return true
    }

    mutating func fraction() -> Int64? {
      guard take(".") else { return 0 }
      guard var value = digit().map({ $0 * 100 }) else { return nil }
      var weight: Int64 = 10
      while let digit = digit() {
        value += digit * weight
        weight /= 10
      }
      return value
    }

    mutating func offset() -> Int64? {
      if take("Z") || take("z") { return 0 }
      let sign: Int64
      if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
      guard let hours = number(2), hours <= 23, take(":"), let minutes = number(2), minutes <= 59 else { return nil }
      return sign * (hours * 60 + minutes)
    }
  }
}

extension Int64 {
  fileprivate func flooredQuotientAndRemainder(_ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension [UInt8] {
  fileprivate mutating func appendDecimal(_ value: Int64, width: Int) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    guard value >= 0, value / divisor <= 9 else {
      append(contentsOf: String(value).utf8)
      return
    }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
