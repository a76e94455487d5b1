/// The members of an instruction that the format knows.
enum RecordField: UInt8 {
  case instructionID
  case payee
  case payeeFunctionalID
  case creditParty
  case amount
  case currency
  case narration
  case groupCode
  case serialNumber
  case paymentMode
  case unknown

  /// The member that a name means in a batch of `kind`; a bare array spells some as the GovStack bulk payment call
  /// does.
  @inline(__always)
  init(_ name: UnsafeBufferPointer<UInt8>, kind: BatchKind, isBareArray: Bool) {
    let field: (RecordField, StaticString)
    switch (name.count, name.first ?? 0) {
    case (13, UInt8(ascii: "i")): field = (.instructionID, "instructionID")
    case (6, UInt8(ascii: "a")): field = (.amount, "amount")
    case (8, UInt8(ascii: "c")): field = (.currency, "currency")
    case (9, UInt8(ascii: "n")): field = (.narration, "narration")
    case (17, UInt8(ascii: "p")): field = (.payeeFunctionalID, "payeeFunctionalID")
    case (5, UInt8(ascii: "p")) where kind == .credit: field = (.payee, "payee")
    case (11, UInt8(ascii: "c")) where kind == .credit: field = (.creditParty, "creditParty")
    case (9, UInt8(ascii: "g")) where kind == .voucher: field = (.groupCode, "groupCode")
    case (12, UInt8(ascii: "s")) where kind == .voucher: field = (.serialNumber, "serialNumber")
    case (9, UInt8(ascii: "r")) where isBareArray: field = (.instructionID, "requestId")
    case (15, UInt8(ascii: "d")) where isBareArray: field = (.narration, "descriptionText")
    case (11, UInt8(ascii: "p")) where isBareArray: field = (.paymentMode, "paymentMode")
    default:
      self = .unknown
      return
    }
    self = name.equals(field.1) ? field.0 : .unknown
  }
}

extension UnsafeBufferPointer<UInt8> {
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let other = text.utf8Start
    for index in 0..<count where self[index] != other[index] { return false }
    return true
  }
}
