/// The cipher of an encrypted content with its parameters, one of the four that are accepted.
struct ContentCipher {
  static let tagByteCount = 16
  private static let nonceByteCount = 12
  private static let blockByteCount = 16

  /// For a person: "AES-256-GCM".
  let name: String
  /// Rebuilt from what was checked, so that libcrypto sees nothing else.
  let algorithmIdentifier: [UInt8]

  /// Reads an AlgorithmIdentifier. GCM is for AuthEnvelopedData only and CBC for EnvelopedData only: libcrypto accepts
  /// any cipher in either (CVE-2026-34182), and a cipher without a check in GCM's place would pass unauthenticated.
  init(_ encoded: [UInt8], isAuthenticated: Bool) throws {
    let reader = BERReader(encoded)
    try reader.enter(BERTag.sequence, "content encryption algorithm")
    let identifier = try reader.identifier("content encryption algorithm")
    switch (identifier, isAuthenticated) {
    case (.aes256GCM, true), (.aes128GCM, true):
      name = identifier == .aes256GCM ? "AES-256-GCM" : "AES-128-GCM"
      let nonce = try Self.gcmNonce(reader)
      let parameters = DER.sequence([
        DER.octetString(nonce), DER.element(BERTag.integer, [UInt8(Self.tagByteCount)]),
      ])
      algorithmIdentifier = DER.sequence([DER.objectIdentifier(identifier), parameters])
    case (.aes256CBC, false), (.aes128CBC, false):
      name = identifier == .aes256CBC ? "AES-256-CBC" : "AES-128-CBC"
      let vector = try reader.primitive(BERTag.octetString, "initialization vector", limit: Self.blockByteCount)
      guard vector.count == Self.blockByteCount else {
        throw EnvelopeError.unsupportedEncoding("the initialization vector of AES-CBC has not 16 bytes")
      }
      algorithmIdentifier = DER.sequence([DER.objectIdentifier(identifier), DER.octetString(vector)])
    default:
      throw EnvelopeError.unsupportedEncoding(
        "the content cipher is not accepted: use openssl cms -encrypt -aes-256-gcm")
    }
    try reader.leave("content encryption algorithm")
    try reader.requireEndOfInput()
  }

  // RFC 5084 §3.2: the default of aes-ICVlen is 12, so 16 must be written out.
  private static func gcmNonce(_ reader: BERReader) throws -> [UInt8] {
    try reader.enter(BERTag.sequence, "parameters of AES-GCM")
    let nonce = try reader.primitive(BERTag.octetString, "nonce", limit: 64)
    guard nonce.count == nonceByteCount else {
      throw EnvelopeError.unsupportedEncoding("the nonce of AES-GCM has not the 12 bytes that are required")
    }
    let tagLength =
      try reader.nextTag() == nil ? [] : try reader.primitive(BERTag.integer, "length of the tag", limit: 4)
    guard tagLength == [UInt8(tagByteCount)] else {
      throw EnvelopeError.unsupportedEncoding("the tag of AES-GCM is not declared with the 16 bytes that are required")
    }
    try reader.leave("parameters of AES-GCM")
    return nonce
  }
}
