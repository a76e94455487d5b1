/// Finds the end of a string's plain stretch, eight bytes at a time.
///
/// A byte `b` of a word is zero when `(b - 1) & ~b` has its top bit set; a borrow can set bits above a true hit only,
/// so the lowest hit is exact (Mycroft's test).
enum ByteScan {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The first quotation mark, backslash, control character or byte past ASCII in `start..<end`, or `end`.
  @inline(__always)
  static func endOfPlainText(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at + 8 <= end {
      let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self).littleEndian
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      let control = (word &- (ones &* 0x20)) & ~word
      let hits = (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control | word) & tops
      if hits != 0 { return at &+ (hits.trailingZeroBitCount >> 3) }
      at &+= 8
    }
    while at < end {
      let byte = base[at]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return at }
      at &+= 1
    }
    return end
  }

  /// The first quotation mark or backslash in `start..<end`, or `end`.
  @inline(__always)
  static func quoteOrBackslash(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at + 8 <= end {
      let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self).littleEndian
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      let hits = (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & tops
      if hits != 0 { return at &+ (hits.trailingZeroBitCount >> 3) }
      at &+= 8
    }
    while at < end {
      if base[at] == 0x22 || base[at] == 0x5C { return at }
      at &+= 1
    }
    return end
  }

  /// The length of the well-formed UTF-8 sequence past ASCII that begins at `at` (Unicode 16, table 3-7); 0 for none.
  static func utf8SequenceLength(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
    func continues(_ index: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      index < end && range.contains(base[index])
    }
    switch base[at] {
    case 0xC2...0xDF: return continues(at + 1) ? 2 : 0
    case 0xE0: return continues(at + 1, 0xA0...0xBF) && continues(at + 2) ? 3 : 0
    case 0xED: return continues(at + 1, 0x80...0x9F) && continues(at + 2) ? 3 : 0
    case 0xE1...0xEF: return continues(at + 1) && continues(at + 2) ? 3 : 0
    case 0xF0: return continues(at + 1, 0x90...0xBF) && continues(at + 2) && continues(at + 3) ? 4 : 0
    case 0xF1...0xF3: return continues(at + 1) && continues(at + 2) && continues(at + 3) ? 4 : 0
    case 0xF4: return continues(at + 1, 0x80...0x8F) && continues(at + 2) && continues(at + 3) ? 4 : 0
    default: return 0
    }
  }
}
