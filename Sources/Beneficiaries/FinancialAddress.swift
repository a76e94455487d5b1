internal import Batch

/// What an address is, by its modality.
extension Modality {
  /// The account that someone states; `nil` for a voucher.
  func account(stated text: String?) throws(InvalidIdentifier) -> Payee? {
    guard self != .voucher else { return nil }
    guard let text else { throw InvalidIdentifier("is missing") }
    guard self == .bank, IBAN.isMeant(by: text) else {
      return try payeeKind(of: text).map { kind throws(InvalidIdentifier) in try Payee(kind, stated: text) }
    }
    return Payee(kind: .iban, id: try IBAN(stated: text).text)
  }

  /// The scheme of an address; `nil` for a voucher's.
  func payeeKind(of address: String) -> Payee.Kind? {
    switch self {
    case .bank: IBAN.isMeant(by: address) ? .iban : .account
    case .mobileMoney: .msisdn
    case .voucher: nil
    case .wallet: .wallet
    case .proxy: .alias
    }
  }
}

/// An international bank account number (ISO 13616).
struct IBAN: Sendable {
  /// In the electronic form: no spaces, capital letters.
  let text: String

  /// Two letters and two digits begin it.
  static func isMeant(by text: String) -> Bool {
    let head = Array(text.utf8.prefix(4))
    return head.count == 4 && isLetter(head[0]) && isLetter(head[1]) && isDigit(head[2]) && isDigit(head[3])
  }

  /// Reads the printed form, with spaces, as well.
  ///
  /// - Throws: `InvalidIdentifier` when the length, a character or the check digits are wrong.
  init(stated: String) throws(InvalidIdentifier) {
    let bytes = stated.utf8.filter { $0 != UInt8(ascii: " ") }.map { Self.isLetter($0) ? $0 & 0xDF : $0 }
    guard (15...34).contains(bytes.count), bytes.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) }) else {
      throw InvalidIdentifier("begins as an IBAN does, and is not 15 to 34 letters and digits")
    }
    // ISO 7064, MOD 97-10: the first four characters behind the others, letters as 10 to 35, leave the rest 1.
    let rest = (bytes[4...] + bytes[..<4]).reduce(0) { rest, byte in
      Self.isDigit(byte)
        ? (rest * 10 + Int(byte - UInt8(ascii: "0"))) % 97
        : (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
    }
    guard rest == 1 else { throw InvalidIdentifier("begins as an IBAN does, and its check digits are wrong") }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF) && byte < 0x80
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
