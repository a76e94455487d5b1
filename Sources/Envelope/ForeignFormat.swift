/// Tells apart what partners drop by mistake, from the first bytes, and says what mends it.
enum ForeignFormat {
  /// How many bytes the telling needs.
  static let prefixByteCount = 512

  /// The error for a file that is certainly no DER or BER; `nil` when it may be.
  static func error(for prefix: [UInt8]) -> EnvelopeError? {
    if prefix.isEmpty { return .truncated("the file is empty") }
    if let found = binary(prefix) { return .notSealed("the file is \(found): \(remedy)") }
    let text = String(decoding: prefix, as: UTF8.self)
    if let error = textual(text) { return error }
    if prefix[0] == 0x30 { return nil }
    return .notSealed("the file is no CMS structure: \(remedy)")
  }

  private static let remedy = "sign it with openssl cms -sign, then encrypt it with openssl cms -encrypt -outform DER"

  /// What the content of a sealed file is, when it is neither JSON nor gzip.
  static func contentError(for prefix: [UInt8]) -> EnvelopeError? {
    if prefix.starts(with: [0x1F, 0x8B]) { return nil }
    var start = prefix[...]
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return nil }
    if prefix.isEmpty { return .unsupportedEncoding("the signed content is empty") }
    let text = String(decoding: prefix, as: UTF8.self).lowercased()
    if text.hasPrefix("content-type:") || text.hasPrefix("mime-version:") {
      return .unsupportedEncoding(
        "the signed content is a MIME entity: add -binary to openssl cms -sign, leave -text out")
    }
    let found = binary(prefix) ?? "neither JSON nor gzip"
    return .unsupportedEncoding("the signed content is \(found): sign the JSON itself, or gzip of it")
  }

  private static func binary(_ prefix: [UInt8]) -> String? {
    let signatures: [(bytes: [UInt8], name: String)] = [
      ([0x1F, 0x8B], "gzip, neither signed nor encrypted"), (Array("PK\u{3}\u{4}".utf8), "a zip archive"),
      (Array("PK\u{5}\u{6}".utf8), "an empty zip archive"), (Array("BZh".utf8), "bzip2"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
      ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-zip archive"), (Array("%PDF".utf8), "a PDF document"),
      (Array("Salted__".utf8), "made by openssl enc, which has no recipients"),
      (Array("age-encryption.org/".utf8), "encrypted with age"),
    ]
    if let match = signatures.first(where: { prefix.starts(with: $0.bytes) }) { return match.name }
    if isUTF16(prefix) { return "UTF-16 text, neither signed nor encrypted" }
    // RFC 9580 §4.2: a packet's first octet has its high bit set; DER's 0x30 has not.
    if prefix[0] & 0x80 != 0, openPGPTags.contains(openPGPTag(prefix[0])) { return "an OpenPGP message" }
    return nil
  }

  // Encrypted session keys, one-pass and plain signatures, keys, compressed, encrypted, marker and literal packets.
  private static let openPGPTags: Set<UInt8> = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 18, 20]

  private static func openPGPTag(_ octet: UInt8) -> UInt8 {
    octet & 0x40 != 0 ? octet & 0x3F : octet >> 2 & 0x0F
  }

  private static func isUTF16(_ prefix: [UInt8]) -> Bool {
    prefix.starts(with: [0xFF, 0xFE]) || prefix.starts(with: [0xFE, 0xFF])
  }

  private static func textual(_ text: String) -> EnvelopeError? {
    var start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.isEmpty { return .notSealed("the file holds only white space") }
    if start.hasPrefix("{") || start.hasPrefix("[") {
      return .notSealed("the file is plain JSON, neither signed nor encrypted: \(remedy)")
    }
    if start.hasPrefix("<") { return .notSealed("the file is XML: \(remedy)") }
    if start.hasPrefix("-----BEGIN ") {
      start = start.dropFirst("-----BEGIN ".count)
      let label = start.prefix { $0 != "-" && !$0.isNewline }
      if label.hasPrefix("PGP") {
        return .notSealed("the file is an OpenPGP message in ASCII armor: \(remedy)")
      }
      if label == "CMS" || label == "PKCS7" {
        return .unsupportedEncoding("the file is PEM: add -outform DER to openssl cms -encrypt")
      }
      return .notSealed("the file is PEM of \(label.lowercased()), no sealed batch: \(remedy)")
    }
    let lowercased = start.prefix(200).lowercased()
    let headers = ["mime-version:", "content-type:", "content-transfer-encoding:", "to:", "from:", "subject:"]
    if headers.contains(where: { lowercased.hasPrefix($0) }) {
      return .unsupportedEncoding("the file is S/MIME text: add -outform DER to openssl cms -encrypt")
    }
    // 0x30 0x80, 0x82, 0x83, 0x84 begin a long structure; in base64 they read so.
    let base64Beginnings = ["MIA", "MII", "MIM", "MIQ"]
    if base64Beginnings.contains(where: { start.hasPrefix($0) }) {
      return .unsupportedEncoding("the file is base64 of CMS: decode it with openssl base64 -d, or add -outform DER")
    }
    return nil
  }
}
