/// Cuts comma-separated values (RFC 4180) that arrive in pieces into rows.
///
/// Lines end with CR LF, as the RFC has it, or with LF or CR alone, as many programs write. Empty lines are passed over.
struct CSVReader {
  struct Row {
    /// The line in which it begins, from 1.
    let line: Int
    var fields: [String] = []
    /// What breaks the grammar in it.
    var fault: String?
  }

  private enum State {
    case fieldStart
    case plain
    case quoted
    /// A quotation mark in a quoted field: the field's end, or the first half of a quotation mark.
    case quoteInQuoted
    /// The rest of a line that is at fault.
    case skipping
  }

  private static let maximumRowBytes = 65_536

  private var state = State.fieldStart
  private var line = 1
  private var row = Row(line: 1)
  private var field: [UInt8] = []
  private var rowBytes = 0
  private var isBehindCarriageReturn = false
  /// Whether nothing that follows can be told apart.
  private(set) var isBroken = false

  mutating func push(_ bytes: UnsafeRawBufferPointer, into rows: inout [Row]) {
    for byte in bytes where !isBroken { take(byte, &rows) }
  }

  mutating func finish(into rows: inout [Row]) {
    guard !isBroken else { return }
    if state == .quoted { return fail("a quotation mark is not closed", &rows) }
    endRow(&rows)
  }

  private mutating func take(_ byte: UInt8, _ rows: inout [Row]) {
    let followsCarriageReturn = isBehindCarriageReturn
    isBehindCarriageReturn = byte == UInt8(ascii: "\r")
    let isLineEnd = byte == UInt8(ascii: "\n") || isBehindCarriageReturn
    // The second half of CR LF.
    let isSecondHalf = followsCarriageReturn && byte == UInt8(ascii: "\n")
    if isLineEnd, !isSecondHalf { line += 1 }
    if isLineEnd, state != .quoted {
      if !isSecondHalf { endRow(&rows) }
      return
    }
    rowBytes += 1
    if rowBytes > Self.maximumRowBytes { return fail("a row is over \(Self.maximumRowBytes) bytes", &rows) }
    switch (state, byte) {
    case (.skipping, _): break
    case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
    case (.fieldStart, UInt8(ascii: ",")), (.plain, UInt8(ascii: ",")), (.quoteInQuoted, UInt8(ascii: ",")):
      endField()
    case (.plain, UInt8(ascii: "\"")): skip("a quotation mark stands within a field that does not begin with one")
    case (.fieldStart, _), (.plain, _):
      state = .plain
      field.append(byte)
    case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
    case (.quoted, _): field.append(byte)
    case (.quoteInQuoted, UInt8(ascii: "\"")):
      state = .quoted
      field.append(byte)
    case (.quoteInQuoted, _): skip("text stands behind a closing quotation mark")
    }
  }

  private mutating func skip(_ fault: String) {
    row.fault = row.fault ?? fault
    state = .skipping
  }

  private mutating func endField() {
    if let text = String(validating: field, as: UTF8.self) {
      row.fields.append(text)
    } else {
      row.fault = row.fault ?? "it is not UTF-8"
      row.fields.append("")
    }
    field.removeAll(keepingCapacity: true)
    state = .fieldStart
  }

  private mutating func endRow(_ rows: inout [Row]) {
    let isEmpty = rowBytes == 0
    endField()
    if !isEmpty { rows.append(row) }
    row = Row(line: line)
    rowBytes = 0
  }

  private mutating func fail(_ fault: String, _ rows: inout [Row]) {
    row.fault = fault
    rows.append(row)
    isBroken = true
  }
}
