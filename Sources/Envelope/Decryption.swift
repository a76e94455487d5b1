import COpenSSL
import Cryptography

/// The decrypted octets of a sealed file, as they come: not yet authenticated until `finish` has returned.
final class Decryption: ByteSource {
  private let reader: BERReader
  private let content: SourceBIO
  private let contentBIO: OpenSSLObject
  // The cipher filter refers to tag and key in the structure, and to the BIO under it: freed in this order.
  private let structure: OpenSSLObject
  private var filter: OpaquePointer?
  private var hasEnded = false
  /// What failed at the start; it is told only where a wrong tag would be, after the whole content was read.
  private var earlyFailure: EnvelopeError?

  /// Starts to decrypt with the pair of the ring that is among the recipients.
  init(_ framing: EncryptedFraming, of input: SealedInput, keyRing: KeyRing) throws {
    structure = try Self.parse(framing.header)
    let pair = try Self.recipient(of: structure, in: keyRing)
    let reader = try framing.contentReader(input)
    self.reader = reader
    content = SourceBIO(reader)
    contentBIO = try content.makeBIO()
    // Given key and certificate, libcrypto goes on with a random content key when an RSA recipient can't be
    // unwrapped: the failure then shows as any other, at the end (RFC 3218, the "million message" attack).
    let unwrapped = structure.withPointer { structure in
      pair.certificate.withX509 { certificate in
        pair.privateKey.withEVPKey { CMS_decrypt_set1_pkey(structure, $0, certificate) }
      }
    }
    guard unwrapped == 1 else {
      earlyFailure = Self.failure("the content key can't be unwrapped")
      return
    }
    filter = structure.withPointer { structure in contentBIO.withPointer { CMS_dataInit(structure, $0) } }
    if filter == nil { earlyFailure = Self.failure("decryption can't be started") }
  }

  deinit {
    // Of the chain, the BIO at its end is `contentBIO`, which has its own owner.
    contentBIO.withPointer { last in
      while let bio = filter, bio != last {
        filter = BIO_pop(bio)
        BIO_free(bio)
      }
    }
    CryptoError.drainErrorQueue()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !hasEnded, let filter else { return 0 }
    let count = BIO_read(filter, buffer.baseAddress, Int32(clamping: buffer.count))
    // What the source could not give is no failure of the cipher.
    if let failure = content.failure { throw Self.whileReading(failure) }
    if count > 0 { return Int(count) }
    hasEnded = true
    return 0
  }

  /// Decrypts what is left and checks the tag, or the padding of CBC.
  func finish() throws {
    if let earlyFailure {
      do { while try reader.nextOctets() != nil {} } catch { throw Self.whileReading(error) }
      throw earlyFailure
    }
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while try read(into: buffer) > 0 {}
    }
    guard shim_BIO_get_cipher_status(filter) == 1 else { throw Self.failure("tag or padding is wrong") }
  }

  private static func failure(_ what: String) -> EnvelopeError {
    let reasons = CryptoError.drainErrorQueue()
    return .cannotDecrypt(detail: ([what] + reasons).joined(separator: "; "))
  }

  private static func whileReading(_ failure: any Error) -> EnvelopeError {
    switch failure {
    case let failure as EnvelopeError: failure
    // Pass one has read all the framing, so it can't be wrong now unless it is another.
    default: .cannotDecrypt(detail: "the framing of the content: \(failure)")
    }
  }

  private static func parse(_ header: [UInt8]) throws -> OpenSSLObject {
    let pointer = header.withUnsafeBufferPointer { buffer in
      var cursor = buffer.baseAddress
      return d2i_CMS_ContentInfo(nil, &cursor, buffer.count)
    }
    guard let pointer else {
      let reasons = CryptoError.drainErrorQueue().joined(separator: "; ")
      throw EnvelopeError.unsupportedEncoding("the recipients of the file are malformed: \(reasons)")
    }
    return try OpenSSLObject(pointer, "parse the CMS header", free: { CMS_ContentInfo_free($0) })
  }

  private static func recipient(of structure: OpenSSLObject, in ring: KeyRing) throws -> KeyPair {
    let count = structure.withPointer { structure in
      shim_sk_CMS_RecipientInfo_num(CMS_get0_RecipientInfos(structure))
    }
    for index in 0..<max(0, count) {
      let pair = structure.withPointer { structure -> KeyPair? in
        guard let recipient = shim_sk_CMS_RecipientInfo_value(CMS_get0_RecipientInfos(structure), index) else {
          return nil
        }
        return ring.pairs.first { names($0.certificate, recipient) }
      }
      if let pair { return pair }
    }
    CryptoError.drainErrorQueue()
    throw EnvelopeError.notForUs(
      """
      none of the \(max(0, count)) recipients of the file is a key of this processor: encrypt to the certificate that \
      it exports (openssl cms -encrypt -recip)
      """)
  }

  private static func names(_ certificate: Certificate, _ recipient: OpaquePointer) -> Bool {
    certificate.withX509 { certificate in
      switch CMS_RecipientInfo_type(recipient) {
      case CMS_RECIPINFO_TRANS:
        return CMS_RecipientInfo_ktri_cert_cmp(recipient, certificate) == 0
      case CMS_RECIPINFO_AGREE:
        let keys = CMS_RecipientInfo_kari_get0_reks(recipient)
        return (0..<max(0, shim_sk_CMS_RecipientEncryptedKey_num(keys))).contains { index in
          CMS_RecipientEncryptedKey_cert_cmp(shim_sk_CMS_RecipientEncryptedKey_value(keys, index), certificate) == 0
        }
      default:
        return false
      }
    }
  }
}
