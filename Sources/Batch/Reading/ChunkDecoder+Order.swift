extension ChunkDecoder {
  /// Whom a credit instruction pays.
  @inline(__always)
  mutating func credit(_ tokens: RecordTokens, _ refusal: inout Reason?) -> Instruction.Order? {
    let named = tokens.payee.count &+ tokens.payeeFunctionalID.count &+ tokens.creditParty.count
    guard named == 1 else {
      report(
        .schema, "", recordStart,
        named == 0
          ? "payee or payeeFunctionalID is missing"
          : "payee, payeeFunctionalID and creditParty name the payee more than once")
      return nil
    }
    if tokens.payee.kind != .absent { return payee(tokens, &refusal).map { .credit($0) } }
    if tokens.creditParty.kind != .absent { return creditParty(tokens, &refusal).map { .credit($0) } }
    return optional(tokens.payeeFunctionalID, "payeeFunctionalID", .upTo20).map { .creditFunctional(id: $0) }
  }

  @inline(__always)
  private mutating func payee(_ tokens: RecordTokens, _ refusal: inout Reason?) -> Payee? {
    guard tokens.payee.kind == .object else {
      report(.schema, "/payee", tokens.payee.start, "payee must be an object, not \(tokens.payee.kindName)")
      return nil
    }
    let id = required(tokens.payeeID, "id", .payeeID, within: "/payee")
    guard let kind = payeeKind(tokens.payeeType), let id else { return nil }
    return Payee(kind, statedID: id, &refusal)
  }

  @inline(__always)
  private mutating func payeeKind(_ token: JSONToken) -> Payee.Kind? {
    if token.kind == .string {
      let kind: Payee.Kind? = scanner.withText(token) { text in
        if text.equals("MSISDN") { return .msisdn }
        return Payee.Kind.allCases.first { $0.name.utf8.elementsEqual(text) }
      }
      if let kind { return kind }
    }
    let message =
      switch token.kind {
      case .absent: "type is missing"
      case .string: "type must be MSISDN, WALLET, ACCOUNT, IBAN, EMAIL or ALIAS"
      default: "type must be a string, not \(token.kindName)"
      }
    report(.schema, "/payee/type", token.kind == .absent ? recordStart : token.start, message)
    return nil
  }

  /// GSMA Mobile Money API, "creditParty": identifiers as pairs of key and value.
  private mutating func creditParty(_ tokens: RecordTokens, _ refusal: inout Reason?) -> Payee? {
    let start = tokens.creditParty.start
    guard let entries = tokens.creditPartyValue?.elements, entries.count == 1, let entry = entries.first else {
      report(.schema, "/creditParty", start, "creditParty must be an array of one object with key and value")
      return nil
    }
    guard let key = entry["key"]?.text, let kind = Payee.Kind(creditPartyKey: key) else {
      report(
        .schema, "/creditParty/0/key", start,
        "key must be msisdn, walletid, accountid, iban, emailaddress or alias")
      return nil
    }
    guard let id = entry["value"]?.text else {
      report(.schema, "/creditParty/0/value", start, "value is missing, or no string")
      return nil
    }
    var text = id
    if let fault = text.withUTF8({ TextRule.payeeID.fault($0) }) {
      report(.schema, "/creditParty/0/value", start, "value \(fault)")
      return nil
    }
    return Payee(kind, statedID: id, &refusal)
  }

  /// What a voucher instruction asks for.
  mutating func voucher(_ tokens: RecordTokens, _ refusal: inout Reason?) -> Instruction.Order? {
    let group = required(tokens.groupCode, "groupCode", .upTo20)
    let beneficiary = optional(tokens.payeeFunctionalID, "payeeFunctionalID", .upTo20)
    let serialNumber: String?
    if tokens.serialNumber.kind == .number {
      serialNumber = String(decoding: scanner.bytes(tokens.serialNumber), as: UTF8.self)
    } else {
      serialNumber = optional(tokens.serialNumber, "serialNumber", .payeeID)
    }
    if let serialNumber, !VoucherSerialForm.matches(serialNumber) {
      refusal = Reason(
        .voucherNotFound, "the serial number is not 16 digits that begin with 9 and end with their check digit")
    }
    guard let group else { return nil }
    return .voucher(VoucherRequest(groupCode: group, payeeFunctionalID: beneficiary, serialNumber: serialNumber))
  }
}

extension JSONToken {
  /// One for a member that is there, none for one that is not.
  @inline(__always)
  fileprivate var count: Int { kind == .absent ? 0 : 1 }
}

extension Payee {
  /// A payee as stated; a phone number that is none refuses the line as AC01, "account number is invalid or missing",
  /// because one slip among a million lines should not stop the others.
  @inline(__always)
  init(_ kind: Kind, statedID: String, _ refusal: inout Reason?) {
    guard kind == .msisdn else {
      self.init(kind: kind, id: statedID)
      return
    }
    var id = statedID
    if id.utf8.first == UInt8(ascii: "+") { id.removeFirst() }
    // ITU-T E.164: up to 15 digits, of which a country code comes first, and none begins with 0.
    let isNumber = id.withUTF8 { digits in
      (8...15).contains(digits.count) && digits[0] != UInt8(ascii: "0")
        && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    if !isNumber {
      refusal = Reason(.payeeNotFound, "the MSISDN is not 8 to 15 digits with the country code first")
    }
    self.init(kind: kind, id: isNumber ? id : statedID)
  }
}

extension Payee.Kind {
  /// The kind that an identifier type of the GSMA Mobile Money API names, in any case.
  init?(creditPartyKey key: String) {
    switch key.lowercased() {
    case "msisdn": self = .msisdn
    case "walletid", "wallet": self = .wallet
    case "accountid", "account": self = .account
    case "iban": self = .iban
    case "emailaddress", "email": self = .email
    case "alias": self = .alias
    default: return nil
    }
  }
}

/// The form of a voucher's serial number: 16 digits, the first a 9, the last the Luhn digit (ISO/IEC 7812-1, annex B).
enum VoucherSerialForm {
  static func matches(_ text: String) -> Bool {
    guard text.utf8.count == 16, text.utf8.first == UInt8(ascii: "9") else { return false }
    var sum = 0
    for (index, byte) in text.utf8.enumerated() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return false }
      let digit = Int(byte - UInt8(ascii: "0"))
      // Counted from the right, every second digit is doubled; of 16, those at even places from the left.
      let doubled = index % 2 == 0 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }
}
