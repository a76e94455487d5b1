/// Writes a result document piece by piece; each piece is pure, so that lines are encoded concurrently.
///
/// The document is `head`, the `lines` of all chunks in order, `tail`; or `rejected` alone.
public enum ResultEncoder {
  /// Everything before the first line.
  public static func head(_ header: ResultHeader) -> [UInt8] {
    var bytes = open(header)
    bytes.append(",\n\"results\":[")
    return bytes
  }

  /// Consecutive lines; `isFirst` for the first chunk only.
  public static func lines(_ outcomes: [Outcome], isFirst: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(outcomes.count * 320)
    appendLines(outcomes, isFirst: isFirst, to: &bytes)
    return bytes
  }

  /// Appends consecutive lines to bytes that are there already.
  public static func appendLines(_ outcomes: [Outcome], isFirst: Bool, to bytes: inout [UInt8]) {
    var isFirst = isFirst
    for outcome in outcomes {
      bytes.append(isFirst ? "\n" : ",\n")
      isFirst = false
      append(outcome, to: &bytes)
    }
  }

  /// Everything after the last line.
  public static func tail() -> [UInt8] { Array("\n]}\n".utf8) }

  /// A whole document for a rejected batch.
  public static func rejected(_ header: ResultHeader, _ rejection: Rejection) -> [UInt8] {
    var bytes = open(header)
    bytes.append(",\n\"errorCount\":")
    bytes.append(contentsOf: String(rejection.errorCount).utf8)
    bytes.append(",\n\"errors\":[")
    for (index, problem) in rejection.problems.enumerated() {
      bytes.append(index == 0 ? "\n" : ",\n")
      problem.json.write(to: &bytes)
    }
    bytes.append(contentsOf: tail())
    return bytes
  }

  /// The header's members with the document's brace still open.
  private static func open(_ header: ResultHeader) -> [UInt8] {
    var bytes = header.json.serialized()
    bytes.removeLast()
    return bytes
  }

  @inline(__always)
  private static func append(_ outcome: Outcome, to bytes: inout [UInt8]) {
    bytes.append("{\"instructionID\":")
    bytes.appendJSON(outcome.instructionID)
    switch outcome.status {
    case .successful: bytes.append(",\"status\":\"SUCCESSFUL\",\"isoStatus\":\"ACSC\",\"amount\":")
    case .failed: bytes.append(",\"status\":\"FAILED\",\"isoStatus\":\"RJCT\",\"amount\":")
    case .pending: bytes.append(",\"status\":\"PENDING\",\"isoStatus\":\"PDNG\",\"amount\":")
    }
    bytes.appendJSON(outcome.amount)
    bytes.append(",\"currency\":")
    bytes.appendJSON(outcome.currency)
    if let reference = outcome.reference {
      bytes.append(",\"reference\":")
      bytes.appendJSON(reference)
    }
    if let number = outcome.financialTransactionID {
      bytes.append(",\"financialTransactionID\":")
      bytes.appendJSON(number)
    }
    if let instant = outcome.completedAt { append(",\"completedAt\":\"", instant, to: &bytes) }
    if let reason = outcome.reason { append(reason, to: &bytes) }
    if let voucher = outcome.voucher { append(voucher, to: &bytes) }
    if let word = outcome.settledByHand { append(word, to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ name: StaticString, _ instant: Timestamp, to bytes: inout [UInt8]) {
    bytes.append(name)
    instant.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(_ reason: Reason, to bytes: inout [UInt8]) {
    bytes.append(",\"reason\":{\"code\":")
    bytes.appendJSON(reason.code.rawValue)
    bytes.append(",\"iso\":")
    bytes.appendJSON(reason.code.iso)
    bytes.append(",\"message\":")
    bytes.appendJSON(reason.message)
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ word: SettledByHand, to bytes: inout [UInt8]) {
    bytes.append(",\"settledByHand\":{\"note\":")
    bytes.appendJSON(word.note)
    if let receipt = word.receipt {
      bytes.append(",\"receipt\":")
      bytes.appendJSON(receipt)
    }
    append(",\"at\":\"", word.at, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ voucher: IssuedVoucher, to bytes: inout [UInt8]) {
    bytes.append(",\"serialNumber\":")
    bytes.appendJSON(voucher.serialNumber)
    bytes.append(",\"voucherNumber\":")
    bytes.appendJSON(voucher.voucherNumber)
    append(",\"expiryDate\":\"", voucher.expiryDate, to: &bytes)
    bytes.append(",\"groupCode\":")
    bytes.appendJSON(voucher.groupCode)
  }
}

extension [UInt8] {
  @inline(__always)
  fileprivate mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
