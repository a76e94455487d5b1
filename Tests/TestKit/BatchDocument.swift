/// A batch as a partner writes it: members and lines of JSON text, so that a test can also write what is wrong.
public struct BatchDocument: Sendable {
  /// The members beside the instructions, as JSON text.
  public var members: [(name: String, json: String)]
  /// The name of the instructions' array.
  public var kind: String
  /// The instructions, as JSON text.
  public var lines: [String]

  /// A batch of the partner `source` in RWF.
  public init(
    _ batchID: String, from source: String = TestHome.partner, kind: String = "creditInstructions",
    lines: [String] = []
  ) {
    members = [("batchID", "\"\(batchID)\""), ("sourceBBID", "\"\(source)\""), ("currency", "\"RWF\"")]
    self.kind = kind
    self.lines = lines
  }

  /// A batch that pays `amounts`, one to each of so many payees, with IDs that begin with the batch's.
  public static func payments(_ batchID: String, _ amounts: [Int]) -> BatchDocument {
    BatchDocument(
      batchID, lines: amounts.enumerated().map { credit("\(batchID)-\($0.offset)", "\($0.element)", to: payee($0.offset)) })
  }

  /// A batch that asks for a voucher of `group` for each amount.
  public static func vouchers(_ batchID: String, _ amounts: [Int], group: String = "SCHOOL") -> BatchDocument {
    BatchDocument(
      batchID, kind: "voucherInstructions",
      lines: amounts.enumerated().map { voucher("\(batchID)-\($0.offset)", "\($0.element)", group: group) })
  }

  /// The telephone number of the payee number `index`.
  public static func payee(_ index: Int) -> String { "250788\(100_000 + index)" }

  /// A payment's line; `more` is further members, such as `,"currency":"KES"`.
  public static func credit(_ id: String, _ amount: String, to payee: String, more: String = "") -> String {
    #"{"instructionID":"\#(id)","payee":{"type":"MSISDN","id":"\#(payee)"},"amount":"\#(amount)"\#(more)}"#
  }

  /// A voucher request's line.
  public static func voucher(_ id: String, _ amount: String, group: String, more: String = "") -> String {
    #"{"instructionID":"\#(id)","groupCode":"\#(group)","amount":"\#(amount)"\#(more)}"#
  }

  /// The batch with another member, or with another value of one that it has.
  public func with(_ name: String, _ json: String) -> BatchDocument {
    var copy = self
    copy.members.removeAll { $0.name == name }
    copy.members.append((name, json))
    return copy
  }

  /// The batch without a member.
  public func without(_ name: String) -> BatchDocument {
    var copy = self
    copy.members.removeAll { $0.name == name }
    return copy
  }

  /// The document.
  public var bytes: [UInt8] {
    let head = members.map { "\"\($0.name)\":\($0.json)" }
    return Array("{\((head + ["\"\(kind)\":[\(lines.joined(separator: ","))]"]).joined(separator: ","))}".utf8)
  }
}
