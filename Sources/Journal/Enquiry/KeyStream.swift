/// How much an enquiry may look at for one page.
struct EnquiryLimits {
  /// A scan looks through so many lines: well under a second.
  var positions = 1 << 20
  /// It goes so far in one statement, so that this is kept.
  var stride = 1 << 16
  /// Lines that an index of terms leads to are looked at one by one, at most so many.
  var candidates = 1 << 17
}

/// What the scans of a page may still look through.
final class ScanBudget {
  let stride: Int64
  private var left: Int

  init(_ limits: EnquiryLimits) {
    left = limits.positions
    stride = Int64(limits.stride)
  }

  func spend(_ positions: Int) { left -= positions }
  var isSpent: Bool { left <= 0 }
}

/// Keys of lines in one order, from one index or one scan, fetched a little at a time.
struct KeyStream {
  /// The keys within a range that the source has, in the stream's order, at most so many.
  typealias Fetch = (ClosedRange<Int64>, Int) throws -> [Int64]

  private let isAscending: Bool
  /// How many keys are fetched at once: more each time, for a stream of which many are taken one after the other.
  private var chunk: Int
  private let firstChunk: Int
  /// Set for a source that looks at every line of a range.
  private let budget: ScanBudget?
  private let fetch: Fetch
  /// What was not fetched yet, in the order of the walk.
  private var ranges: ArraySlice<ClosedRange<Int64>>
  private var buffer: ArraySlice<Int64> = []

  private static let maximumChunk = 4_096

  /// A stream over `ranges`, which ascend and don't touch each other.
  init(
    _ ranges: [ClosedRange<Int64>], isAscending: Bool, chunk: Int, scanning budget: ScanBudget? = nil,
    fetch: @escaping Fetch
  ) {
    self.isAscending = isAscending
    self.chunk = chunk
    firstChunk = chunk
    self.budget = budget
    self.fetch = fetch
    self.ranges = (isAscending ? ranges : ranges.reversed())[...]
  }

  /// The next key, left in place; `nil` at the end, or where the budget ended: see `barrier`.
  mutating func peek() throws -> Int64? {
    while buffer.isEmpty, let range = ranges.first {
      if let budget, budget.isSpent { return nil }
      let part = budget.map { head(of: range, $0.stride) } ?? range
      let keys = try fetch(part, chunk)
      let seen = keys.count < chunk ? (isAscending ? part.upperBound : part.lowerBound) : keys[keys.count - 1]
      budget?.spend(Int(isAscending ? seen - part.lowerBound : part.upperBound - seen) + 1)
      ranges.removeFirst()
      if let rest = rest(of: range, after: seen) { ranges = [rest] + ranges }
      buffer = keys[...]
      chunk = min(chunk * 2, Self.maximumChunk)
    }
    return buffer.first
  }

  /// Passes over what comes before `key`.
  mutating func skip(to key: Int64) {
    buffer = buffer.drop { isAscending ? $0 < key : $0 > key }
    if buffer.isEmpty { chunk = firstChunk }
    while buffer.isEmpty, let range = ranges.first, isAscending ? range.lowerBound < key : range.upperBound > key {
      ranges.removeFirst()
      if let rest = rest(of: range, after: isAscending ? key - 1 : key + 1) { ranges = [rest] + ranges }
    }
  }

  /// Takes the key that `peek` answered.
  mutating func advance() { buffer.removeFirst() }

  /// The first key that was not looked at, where the budget ended.
  var barrier: Int64? {
    guard buffer.isEmpty, let range = ranges.first else { return nil }
    return isAscending ? range.lowerBound : range.upperBound
  }

  private func head(of range: ClosedRange<Int64>, _ stride: Int64) -> ClosedRange<Int64> {
    guard range.upperBound - range.lowerBound >= stride else { return range }
    if isAscending { return range.lowerBound...(range.lowerBound + stride - 1) }
    return (range.upperBound - stride + 1)...range.upperBound
  }

  private func rest(of range: ClosedRange<Int64>, after key: Int64) -> ClosedRange<Int64>? {
    if isAscending { return key < range.upperBound ? (key + 1)...range.upperBound : nil }
    return key > range.lowerBound ? range.lowerBound...(key - 1) : nil
  }
}

/// Several streams as one, each key once.
struct MergedKeys {
  /// What comes next.
  enum Element: Equatable {
    case key(Int64)
    /// The budget ended before this key.
    case stopped(before: Int64)
    case end
  }

  private var streams: [KeyStream]
  private let isAscending: Bool
  private var last: Int64?

  init(_ streams: [KeyStream], isAscending: Bool) {
    self.streams = streams
    self.isAscending = isAscending
  }

  /// Passes over what comes before `key`.
  mutating func skip(to key: Int64) {
    for index in streams.indices { streams[index].skip(to: key) }
  }

  /// The first from `key` on, left in place. For streams without a budget.
  mutating func first(from key: Int64) throws -> Int64? {
    var best: Int64?
    for index in streams.indices {
      streams[index].skip(to: key)
      if let first = try streams[index].peek(), best.map({ precedes(first, $0) }) ?? true { best = first }
    }
    return best
  }

  mutating func next() throws -> Element {
    while true {
      var best: (key: Int64, index: Int)?
      var barrier: Int64?
      for index in streams.indices {
        if let key = try streams[index].peek() {
          if best.map({ precedes(key, $0.key) }) ?? true { best = (key, index) }
        } else if let stop = streams[index].barrier, barrier.map({ precedes(stop, $0) }) ?? true {
          barrier = stop
        }
      }
      if let barrier, best.map({ precedes(barrier, $0.key) }) ?? true { return .stopped(before: barrier) }
      guard let best else { return .end }
      streams[best.index].advance()
      guard best.key != last else { continue }
      last = best.key
      return .key(best.key)
    }
  }

  private func precedes(_ left: Int64, _ right: Int64) -> Bool { isAscending ? left < right : left > right }
}
