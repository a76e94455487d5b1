/// A batch document as a partner's program would write it.
public struct BatchText: Sendable {
  /// One payment, or one voucher.
  public struct Line: Sendable {
    /// Its identifier.
    public var id: String
    /// The payee's number; for a voucher, nothing.
    public var payee: String?
    /// As it is spelt in the document.
    public var amount: String
    /// The voucher's group.
    public var group: String?
    /// The payee's ID in a registry, in place of the number.
    public var functionalID: String?

    /// A payment to a phone number.
    public static func pay(_ id: String, _ payee: String, _ amount: String) -> Line {
      Line(id: id, payee: payee, amount: amount, group: nil)
    }
    /// A payment to whoever a registry's ID stands for.
    public static func pay(_ id: String, functionalID: String, _ amount: String) -> Line {
      Line(id: id, payee: nil, amount: amount, group: nil, functionalID: functionalID)
    }
    /// A request for a voucher.
    public static func voucher(_ id: String, _ group: String, _ amount: String) -> Line {
      Line(id: id, payee: nil, amount: amount, group: group)
    }

    fileprivate var text: String {
      let target =
        functionalID.map { #""payeeFunctionalID": "\#($0)""# }
        ?? payee.map { #""payee": {"type": "MSISDN", "id": "\#($0)"}"# } ?? #""groupCode": "\#(group ?? "")""#
      return #"{"instructionID": "\#(id)", \#(target), "amount": "\#(amount)"}"#
    }
  }

  /// The members besides the instructions, each as JSON text by its name.
  public var members: [(name: String, json: String)]
  /// The instructions.
  public var lines: [Line]

  /// A batch in francs of Rwanda from the partner `registry`.
  public init(_ batchID: String, _ lines: [Line]) {
    members = [("batchID", #""\#(batchID)""#), ("sourceBBID", #""registry""#), ("currency", #""RWF""#)]
    self.lines = lines
  }

  /// Adds a member whose value is a text.
  public func with(_ name: String, _ value: String) -> BatchText {
    with(name, json: #""\#(value)""#)
  }
  /// Adds a member.
  public func with(_ name: String, json: String) -> BatchText {
    var changed = self
    changed.members.append((name, json))
    return changed
  }

  /// The document.
  public var json: String {
    let array = lines.first?.group == nil ? "creditInstructions" : "voucherInstructions"
    let head = members.map { #""\#($0.name)": \#($0.json)"# }.joined(separator: ", ")
    return "{\(head), \"\(array)\": [\n\(lines.map(\.text).joined(separator: ",\n"))\n]}"
  }
}
