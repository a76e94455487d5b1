/// The outer layer of a sealed file, taken apart before any key is used: what surrounds the encrypted octets, and
/// where they stand.
struct EncryptedFraming {
  /// Whether a tag of the same layer authenticates the content (RFC 5083), or only the signature inside does.
  let isAuthenticated: Bool
  let cipher: ContentCipher
  /// The structure in DER without its content, rebuilt from what was checked.
  let header: [UInt8]
  /// The place of the identifier octet of the encrypted content.
  let contentOffset: Int

  private static let maximumRecipientsByteCount = 1 << 20
  private static let maximumRecipients = 1_000

  /// Reads the whole framing to the last byte, passing over the content.
  init(_ input: SealedInput) throws {
    let reader = BERReader(SealedInputSource(input))
    do {
      try self.init(reader)
    } catch BERError.endOfInput {
      throw EnvelopeError.truncated("the CMS structure ends too early, after \(input.byteCount) bytes")
    } catch BERError.malformed(let what) {
      throw EnvelopeError.unsupportedEncoding(
        "the CMS structure is malformed near byte \(reader.offset): \(what)")
    }
  }

  private init(_ reader: BERReader) throws {
    try reader.enter(BERTag.sequence, "ContentInfo")
    let contentType = try reader.identifier("content type")
    try Self.requireEncrypted(contentType)
    let isAuthenticated = contentType == .authEnvelopedData
    try reader.enter(BERTag.context(0), "content")
    try reader.enter(BERTag.sequence, isAuthenticated ? "AuthEnvelopedData" : "EnvelopedData")
    let version = try reader.primitive(BERTag.integer, "version", limit: 1)
    // OriginatorInfo brings certificates and revocation lists that nothing here needs.
    if try reader.nextTag() == BERTag.context(0) { _ = try reader.element(limit: Self.maximumRecipientsByteCount) }
    let recipients = try Self.recipients(reader)

    try reader.enter(BERTag.sequence, "encrypted content info")
    let encryptedType = try reader.identifier("encrypted content type")
    guard encryptedType == .data else {
      throw EnvelopeError.unsupportedEncoding(
        "the type of the encrypted content must be id-data, as openssl cms -encrypt writes it")
    }
    cipher = try ContentCipher(reader.element(limit: 128), isAuthenticated: isAuthenticated)
    guard try reader.nextTag() == BERTag.context(0) else {
      throw EnvelopeError.unsupportedEncoding("the encrypted content is not in the file (detached)")
    }
    contentOffset = reader.offset
    try reader.beginOctets(reader.header(BERTag.context(0), "encrypted content"))
    try reader.skipOctets()
    try reader.leave("encrypted content info")

    var mac: [UInt8]?
    if isAuthenticated { mac = try Self.authenticationCode(reader) }
    guard try reader.isAtEnd() else {
      throw EnvelopeError.unsupportedEncoding(
        "attributes beside the encrypted content are not accepted; what is vouched for stands inside the signature")
    }
    try reader.leave("the enveloped data")
    try reader.leave("content")
    try reader.leave("ContentInfo")
    try reader.requireEndOfInput()

    self.isAuthenticated = isAuthenticated
    let contentInfo = DER.sequence([DER.objectIdentifier(.data), cipher.algorithmIdentifier])
    var parts = [DER.element(BERTag.integer, version), recipients, contentInfo]
    if let mac { parts.append(DER.octetString(mac)) }
    header = DER.sequence([DER.objectIdentifier(contentType), DER.explicit(0, [DER.sequence(parts)])])
  }

  /// Content octets from the first on.
  func contentReader(_ input: SealedInput) throws -> BERReader {
    let reader = BERReader(SealedInputSource(input, from: contentOffset))
    try reader.beginOctets(reader.header(BERTag.context(0), "encrypted content"))
    return reader
  }

  private static func recipients(_ reader: BERReader) throws -> [UInt8] {
    try reader.enter(BERTag.set, "recipient infos")
    var recipients: [[UInt8]] = []
    var byteCount = 0
    while try !reader.isAtEnd() {
      let recipient = try reader.element(limit: maximumRecipientsByteCount - byteCount)
      byteCount += recipient.count
      recipients.append(recipient)
      guard recipients.count <= maximumRecipients else { throw BERError.malformed("too many recipients") }
    }
    try reader.leave("recipient infos")
    return DER.set(recipients)
  }

  /// The tag of AES-GCM, which stands after the content (RFC 5083 §2.1).
  private static func authenticationCode(_ reader: BERReader) throws -> [UInt8] {
    if try reader.nextTag() == BERTag.context(1) {
      throw EnvelopeError.unsupportedEncoding("authenticated attributes are not accepted")
    }
    // A shorter tag can be guessed: of one byte, one file in 256 is accepted (CVE-2026-34182).
    try reader.beginOctets(reader.header(BERTag.octetString, "authentication code"))
    var mac: [UInt8] = []
    while mac.count <= ContentCipher.tagByteCount, let octets = try reader.nextOctets() { mac += octets }
    guard mac.count == ContentCipher.tagByteCount else {
      throw EnvelopeError.unsupportedEncoding("the authentication code has not the 16 bytes that are required")
    }
    return mac
  }

  private static func requireEncrypted(_ type: ObjectIdentifier) throws {
    switch type {
    case .authEnvelopedData, .envelopedData: return
    case .signedData:
      throw EnvelopeError.notSealed(
        "the file is signed but not encrypted: pass it through openssl cms -encrypt -binary -stream -aes-256-gcm "
          + "-outform DER -recip")
    case .compressedData:
      throw EnvelopeError.notSealed(
        "the file is CMS CompressedData, not encrypted: use gzip before openssl cms -sign in place of -compress")
    case .encryptedData:
      throw EnvelopeError.unsupportedEncoding(
        "the file is CMS EncryptedData under a shared key: use openssl cms -encrypt with -recip")
    case .authenticatedData:
      throw EnvelopeError.notSealed(
        "the file is CMS AuthenticatedData, which is not encrypted: use openssl cms -encrypt")
    case .digestedData:
      throw EnvelopeError.notSealed("the file is CMS DigestedData, neither signed nor encrypted: use openssl cms -sign")
    case .data:
      throw EnvelopeError.notSealed("the file is CMS Data, neither signed nor encrypted: use openssl cms -sign")
    default:
      throw EnvelopeError.notSealed("the file is a CMS structure of an unknown type")
    }
  }
}

extension BERReader {
  /// The next element, an object identifier.
  func identifier(_ name: String) throws -> ObjectIdentifier {
    ObjectIdentifier(octets: try primitive(BERTag.objectIdentifier, name, limit: 32))
  }
}
