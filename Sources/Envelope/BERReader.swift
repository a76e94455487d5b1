/// Reads BER (X.690) strictly from a stream that nobody vouches for.
///
/// The caller asks for the elements that its structure has, in order; anything else is an error. Every length is
/// checked against the element around it, depth is bounded, and nothing is kept but a window of the stream.
final class BERReader {
  static let maximumDepth = 24
  private static let windowByteCount = 1 << 17

  private let source: any ByteSource
  private let window: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// How many bytes were consumed.
  private(set) var offset = 0
  /// Where each open element ends; `nil` for the indefinite form.
  private var ends: [Int?] = []
  private var recording: [UInt8]?
  private var recordingLimit = 0
  // The octet string that is being read: what is left of its present segment, and how many segments are open.
  private var octetsRemaining = 0
  private var octetDepth = 0

  init(_ source: any ByteSource) {
    self.source = source
    window = .allocate(byteCount: Self.windowByteCount, alignment: 16)
  }

  convenience init(_ bytes: [UInt8]) { self.init(MemorySource(bytes)) }

  deinit { window.deallocate() }

  // MARK: Elements

  /// Consumes the identifier and length octets of the next element.
  func header() throws -> BERHeader {
    let identifier = try byte()
    guard identifier & 0x1F != 0x1F else { throw BERError.malformed("a tag number over 30") }
    let isConstructed = identifier & BERHeader.constructedBit != 0
    let length = try length(isConstructed: isConstructed)
    if let length { try requireRoom(length) }
    return BERHeader(tag: identifier & ~BERHeader.constructedBit, isConstructed: isConstructed, length: length)
  }

  /// Consumes the next header, which must have this tag.
  func header(_ tag: UInt8, _ name: String) throws -> BERHeader {
    let header = try header()
    guard header.tag == tag else { throw BERError.malformed("no \(name) where one must be") }
    return header
  }

  /// Consumes the header of a constructed element and goes into it.
  func enter(_ tag: UInt8, _ name: String) throws {
    try enter(header(tag, name), name)
  }

  /// Goes into an element whose header was consumed.
  func enter(_ header: BERHeader, _ name: String) throws {
    guard header.isConstructed else { throw BERError.malformed("\(name) is not constructed") }
    guard ends.count < Self.maximumDepth else { throw BERError.malformed("elements nested too deep") }
    ends.append(header.length.map { offset + $0 })
  }

  /// Whether the element that was entered has no further one in it.
  func isAtEnd() throws -> Bool {
    guard let innermost = ends.last else { return try !fill(1) }
    if let end = innermost { return offset == end }
    // X.690 §8.1.5: two zero octets end the contents of the indefinite form.
    guard try fill(2) else { throw BERError.endOfInput }
    return window[start] == 0 && window[start + 1] == 0
  }

  /// Goes out of the element, which must have nothing more in it.
  func leave(_ name: String) throws {
    guard try isAtEnd() else { throw BERError.malformed("more in \(name) than belongs there") }
    if case .some(nil) = ends.popLast() { try consume(2) }
  }

  /// The tag of the next element, `nil` at the end of the element around it.
  func nextTag() throws -> UInt8? {
    if try isAtEnd() { return nil }
    guard try fill(1) else { throw BERError.endOfInput }
    return window[start] & ~BERHeader.constructedBit
  }

  /// The next element whole, as it is encoded; one larger than `limit` bytes is an error.
  func element(limit: Int) throws -> [UInt8] {
    recording = []
    recordingLimit = limit
    defer { recording = nil }
    try walk(header())
    return recording ?? []
  }

  /// The content of a short primitive element.
  func primitive(_ tag: UInt8, _ name: String, limit: Int) throws -> [UInt8] {
    let header = try header(tag, name)
    guard !header.isConstructed, let length = header.length, length <= limit else {
      throw BERError.malformed("\(name) has a form or length that is not accepted")
    }
    recording = []
    recordingLimit = limit
    defer { recording = nil }
    try pass(length)
    return recording ?? []
  }

  /// There must be nothing after the outermost element.
  func requireEndOfInput() throws {
    guard try !fill(1) else { throw BERError.malformed("bytes after the end of the structure") }
  }

  private func walk(_ header: BERHeader) throws {
    if !header.isConstructed { return try pass(header.length ?? 0) }
    try enter(header, "an element")
    while try !isAtEnd() { try walk(self.header()) }
    try leave("an element")
  }

  private func length(isConstructed: Bool) throws -> Int? {
    let first = try byte()
    if first < 0x80 { return Int(first) }
    if first == 0x80 {
      guard isConstructed else { throw BERError.malformed("a primitive element of indefinite length") }
      return nil
    }
    guard first <= 0x88 else { throw BERError.malformed("a length of more than 8 octets") }
    var length: UInt64 = 0
    for _ in 0..<(first & 0x7F) { length = try length << 8 | UInt64(byte()) }
    guard let length = Int(exactly: length), length <= 1 << 48 else { throw BERError.malformed("an absurd length") }
    return length
  }

  private func requireRoom(_ length: Int) throws {
    // Of the indefinite ones around it none has an end yet; the nearest definite one has.
    for case .some(let end) in ends.reversed() {
      guard offset + length <= end else { throw BERError.malformed("an element larger than the one around it") }
      return
    }
  }

  // MARK: Octet strings

  /// Begins to read an octet string, primitive or constructed, whose header was consumed.
  func beginOctets(_ header: BERHeader) throws {
    octetsRemaining = 0
    octetDepth = 0
    if header.isConstructed {
      try enter(header, "an octet string")
      octetDepth = 1
    } else {
      octetsRemaining = header.length ?? 0
    }
  }

  /// The next octets of the string, at most `limit`; `nil` at its end. They are valid until the next call.
  func nextOctets(limit: Int = .max) throws -> UnsafeRawBufferPointer? {
    while octetsRemaining == 0 {
      guard octetDepth > 0 else { return nil }
      if try isAtEnd() {
        try leave("an octet string")
        octetDepth -= 1
        continue
      }
      let segment = try header(BERTag.octetString, "octet string in an octet string")
      if segment.isConstructed {
        try enter(segment, "an octet string")
        octetDepth += 1
      } else {
        octetsRemaining = segment.length ?? 0
      }
    }
    guard try fill(1) else { throw BERError.endOfInput }
    let count = min(octetsRemaining, end - start, limit)
    let octets = UnsafeRawBufferPointer(rebasing: window[start..<start + count])
    start += count
    offset += count
    octetsRemaining -= count
    return octets
  }

  /// Passes over the rest of the octet string without looking at what is in it.
  func skipOctets() throws {
    repeat {
      try pass(octetsRemaining)
      octetsRemaining = 0
    } while try nextOctets(limit: 1) != nil
  }

  // MARK: The window

  private func byte() throws -> UInt8 {
    guard try fill(1) else { throw BERError.endOfInput }
    // An element must end within the one around it, its header included.
    if case .some(.some(let end)) = ends.last, offset >= end {
      throw BERError.malformed("an element larger than the one around it")
    }
    let byte = window[start]
    try consume(1)
    return byte
  }

  /// Whether `count` bytes, few, are at hand now.
  private func fill(_ count: Int) throws -> Bool {
    while end - start < count {
      if start > 0 {
        let rest = end - start
        if rest > 0 { window.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[start..<end])) }
        (start, end) = (0, rest)
      }
      let read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: window[end...]))
      if read == 0 { return false }
      end += read
    }
    return true
  }

  private func consume(_ count: Int) throws {
    if recording != nil {
      recording?.append(contentsOf: window[start..<start + count])
      guard (recording?.count ?? 0) <= recordingLimit else { throw BERError.malformed("an element that is too large") }
    }
    start += count
    offset += count
  }

  /// Consumes any number of bytes.
  private func pass(_ count: Int) throws {
    var remaining = count
    while remaining > 0 {
      if end == start, recording == nil {
        let skipped = try source.skip(remaining)
        offset += skipped
        guard skipped == remaining else { throw BERError.endOfInput }
        return
      }
      guard try fill(1) else { throw BERError.endOfInput }
      let step = min(remaining, end - start)
      try consume(step)
      remaining -= step
    }
  }
}
