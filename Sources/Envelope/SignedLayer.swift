import Cryptography

/// The signed layer (RFC 5652 §5), read as it comes out of decryption: the content passes through, what stands around
/// it is kept to be verified afterwards.
struct SignedLayer {
  /// The digests of the content.
  let digests: ContentDigests
  /// The first bytes of the content.
  let contentPrefix: [UInt8]
  let contentByteCount: Int
  /// Algorithms, certificates and signer infos, rebuilt in DER as a structure with detached content.
  let detached: [UInt8]
  /// The signer infos as they are encoded.
  let signerInfos: [[UInt8]]

  static let maximumSigners = 32
  private static let maximumPartByteCount = 1 << 20

  /// Reads the whole layer.
  /// - Parameters:
  ///   - digestAlgorithms: the digests to compute; `nil` for all that the layer announces and that are accepted.
  ///   - body: gets the content in order.
  init(
    _ source: any ByteSource, digestAlgorithms: [DigestAlgorithm]? = nil,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let reader = BERReader(source)
    try reader.enter(BERTag.sequence, "ContentInfo")
    try Self.requireSigned(reader.identifier("content type"))
    try reader.enter(BERTag.context(0), "content")
    try reader.enter(BERTag.sequence, "SignedData")
    let version = try reader.primitive(BERTag.integer, "version", limit: 1)
    let announced = try Self.elements(reader, BERTag.set, "digest algorithms", limit: 4_096)
    digests = try ContentDigests(digestAlgorithms ?? Self.accepted(announced))

    try reader.enter(BERTag.sequence, "encapsulated content info")
    guard try reader.identifier("type of the signed content") == .data else {
      throw EnvelopeError.unsupportedEncoding("the type of the signed content must be id-data")
    }
    guard try !reader.isAtEnd() else {
      throw EnvelopeError.notSigned("the signature inside is detached: add -nodetach to openssl cms -sign")
    }
    try reader.enter(BERTag.context(0), "signed content")
    try reader.beginOctets(reader.header(BERTag.octetString, "signed content"))
    var prefix: [UInt8] = []
    var byteCount = 0
    while let octets = try reader.nextOctets() {
      if prefix.count < ForeignFormat.prefixByteCount {
        prefix += octets.prefix(ForeignFormat.prefixByteCount - prefix.count)
      }
      byteCount += octets.count
      try digests.update(octets)
      try body(octets)
    }
    contentPrefix = prefix
    contentByteCount = byteCount
    try reader.leave("signed content")
    try reader.leave("encapsulated content info")

    var parts = [DER.element(BERTag.integer, version), DER.set(announced)]
    parts.append(DER.sequence([DER.objectIdentifier(.data)]))
    if try reader.nextTag() == BERTag.context(0) {
      let certificates = try Self.elements(reader, BERTag.context(0), "certificates", limit: Self.maximumPartByteCount)
      parts.append(DER.explicit(0, certificates))
    }
    // Revocation lists say nothing about pinned certificates.
    if try reader.nextTag() == BERTag.context(1) { _ = try reader.element(limit: Self.maximumPartByteCount) }
    let signers = try Self.elements(reader, BERTag.set, "signer infos", limit: Self.maximumPartByteCount)
    signerInfos = signers
    try reader.leave("SignedData")
    try reader.leave("content")
    try reader.leave("ContentInfo")
    try reader.requireEndOfInput()
    guard signers.count <= Self.maximumSigners else { throw BERError.malformed("too many signers") }
    parts.append(DER.set(signers))
    detached = DER.sequence([DER.objectIdentifier(.signedData), DER.explicit(0, [DER.sequence(parts)])])
  }

  private static func elements(_ reader: BERReader, _ tag: UInt8, _ name: String, limit: Int) throws -> [[UInt8]] {
    try reader.enter(tag, name)
    var elements: [[UInt8]] = []
    var byteCount = 0
    while try !reader.isAtEnd() {
      let element = try reader.element(limit: limit - byteCount)
      byteCount += element.count
      elements.append(element)
    }
    try reader.leave(name)
    return elements
  }

  /// Of the announced algorithms those that a signature may use; each costs a pass over the content, so none twice.
  private static func accepted(_ announced: [[UInt8]]) throws -> [DigestAlgorithm] {
    var algorithms: [DigestAlgorithm] = []
    for encoded in announced {
      let reader = BERReader(encoded)
      try reader.enter(BERTag.sequence, "digest algorithm")
      let algorithm = DigestAlgorithm(try reader.identifier("digest algorithm"))
      if let algorithm, !algorithms.contains(algorithm) { algorithms.append(algorithm) }
    }
    return algorithms
  }

  private static func requireSigned(_ type: ObjectIdentifier) throws {
    switch type {
    case .signedData: return
    case .envelopedData, .authEnvelopedData:
      throw EnvelopeError.notSigned("what was encrypted is encrypted again: sign first, then encrypt once")
    case .compressedData:
      throw EnvelopeError.notSigned("what was encrypted is CompressedData, not signed: gzip, then sign, then encrypt")
    default:
      throw EnvelopeError.notSigned("what was encrypted is a CMS structure without a signature: sign before encrypting")
    }
  }

  /// What a decrypted text that is no signed structure is, from its first bytes.
  static func absence(for prefix: [UInt8]) -> EnvelopeError? {
    let text = String(decoding: prefix, as: UTF8.self)
    let lowercased = text.prefix(200).lowercased()
    if prefix.isEmpty { return .notSigned("what was encrypted is empty: did openssl cms -sign fail?") }
    if text.hasPrefix("-----BEGIN ") {
      return .notSigned("the signed layer inside is PEM: add -outform DER to openssl cms -sign")
    }
    if ["mime-version:", "content-type:", "to:", "from:"].contains(where: { lowercased.hasPrefix($0) }) {
      return .notSigned("the signed layer inside is S/MIME text: add -outform DER to openssl cms -sign")
    }
    guard prefix[0] != 0x30 else { return nil }
    return .notSigned("the file is encrypted but not signed: pass it through openssl cms -sign before encrypting")
  }
}
