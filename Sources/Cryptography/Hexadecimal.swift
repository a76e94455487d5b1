/// Bytes as hexadecimal text.
public enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits for each byte.
  public static func string(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text of digits, in either case; `nil` when it is anything else.
  public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let values = text.unicodeScalars.map { Character($0).isASCII ? Character($0).hexDigitValue : nil }
    let digits = values.compactMap { $0.map(UInt8.init) }
    guard digits.count == values.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
