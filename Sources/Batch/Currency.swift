/// A currency of ISO 4217 with the number of digits of its minor unit.
public struct Currency: Hashable, Sendable {
  /// The three letters, packed big-endian, so that comparing and hashing touch one word.
  let packed: UInt32
  /// How many decimal digits the minor unit has: 0 for RWF, 2 for EUR, 3 for TND.
  public let minorUnitDigits: Int

  /// The currency of an ISO 4217 alphabetic code in capital letters; `nil` when the list does not have it.
  public init?(code: some StringProtocol) {
    guard let packed = Self.pack(code.utf8) else { return nil }
    self.init(packed: packed)
  }

  init?(packed: UInt32) {
    guard let digits = Self.minorUnitDigits[packed] else { return nil }
    self.packed = packed
    self.minorUnitDigits = digits
  }

  /// The ISO 4217 alphabetic code.
  public var code: String {
    String(
      decoding: [
        UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8),
        UInt8(truncatingIfNeeded: packed),
      ], as: UTF8.self)
  }

  static func pack(_ code: some Sequence<UInt8>) -> UInt32? {
    var packed: UInt32 = 0
    var count = 0
    for byte in code {
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte), count < 3 else { return nil }
      packed = packed << 8 | UInt32(byte)
      count += 1
    }
    return count == 3 ? packed : nil
  }

  // ISO 4217:2015, list one, as amended to 2026; funds codes, metals and testing codes are no money to pay out.
  private static let codesByMinorUnitDigits: [(digits: Int, codes: String)] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
      2,
      """
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
      CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
      JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
      NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
      SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
      """
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
  ]

  private static let minorUnitDigits: [UInt32: Int] = {
    var table: [UInt32: Int] = [:]
    for (digits, codes) in codesByMinorUnitDigits {
      for code in codes.split(separator: " ") {
        if let packed = pack(code.utf8) { table[packed] = digits }
      }
    }
    return table
  }()
}

extension Currency: CustomStringConvertible {
  /// The ISO 4217 code.
  public var description: String { code }
}

extension Currency: Comparable {
  /// Alphabetic order of the codes.
  public static func < (left: Self, right: Self) -> Bool { left.packed < right.packed }
}
