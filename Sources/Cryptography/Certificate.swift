import COpenSSL
import Glibc

/// An X.509 certificate (RFC 5280). Two are equal when their DER bytes are.
public final class Certificate: Sendable {
  /// The encoding that signatures and fingerprints are over.
  public let der: [UInt8]
  /// SHA-256 of `der`, 64 lower-case hexadecimal digits.
  public let fingerprint: String
  /// The subject's distinguished name in the order and with the escapes of RFC 2253.
  public let subject: String
  /// The subject's last common name, if it has one.
  public let commonName: String?
  /// The first second of its validity, since the epoch.
  public let notBefore: Int64
  /// The last second of its validity, since the epoch.
  public let notAfter: Int64
  /// The kind and size of the public key.
  public let keyAlgorithm: KeyAlgorithm
  /// SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits: two certificates over one key agree in it.
  public let publicKeyDigest: String
  // Safe to share: an X509 is counted atomically, and nothing changes one after it was made; what libcrypto
  // caches in it, it writes under a lock of its own.
  nonisolated(unsafe) private let object: OpenSSLObject

  /// Takes over a certificate object.
  init(_ object: OpenSSLObject) throws(CryptoError) {
    self.object = object
    let der = try object.withPointer { x509 throws(CryptoError) in try Self.encode(x509) }
    self.der = der
    fingerprint = try SHA256.digest(der).hexString
    subject = try object.withPointer { x509 throws(CryptoError) in try Self.describe(X509_get_subject_name(x509)) }
    commonName = object.withPointer { Self.lastCommonName(X509_get_subject_name($0)) }
    notBefore = try object.withPointer { x509 throws(CryptoError) in try Self.seconds(X509_get0_notBefore(x509)) }
    notAfter = try object.withPointer { x509 throws(CryptoError) in try Self.seconds(X509_get0_notAfter(x509)) }
    guard let key = object.withPointer({ X509_get0_pubkey($0) }) else {
      throw .malformedCertificate(reasons: CryptoError.drainErrorQueue())
    }
    keyAlgorithm = KeyAlgorithm(of: key)
    publicKeyDigest = try Self.publicKeyDigest(of: key).hexString
  }

  /// The kind and size of the public key for a person: "EC P-256", "RSA 3072".
  public var keyDescription: String { keyAlgorithm.description }

  /// Whether the instant, in seconds since the epoch, is within the validity.
  public func isValid(at seconds: Int64) -> Bool { notBefore <= seconds && seconds <= notAfter }

  /// Lends libcrypto's object.
  package func withX509<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try object.withPointer(body)
  }

  /// The certificate of an object that the caller keeps: its count goes up by one.
  package convenience init(sharing x509: OpaquePointer) throws(CryptoError) {
    X509_up_ref(x509)
    try self.init(OpenSSLObject(x509, "share a certificate", free: { X509_free($0) }))
  }

  private static func encode(_ x509: OpaquePointer) throws(CryptoError) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    let count = i2d_X509(x509, &encoded)
    guard count > 0, let encoded else { throw .draining("encode a certificate") }
    defer { shim_OPENSSL_free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: Int(count)))
  }

  private static func describe(_ name: OpaquePointer?) throws(CryptoError) -> String {
    let bio = try OpenSSLObject(BIO_new(BIO_s_mem()), "open a memory BIO", free: { BIO_free_all($0) })
    return bio.withPointer { bio in
      X509_NAME_print_ex(bio, name, 0, shim_XN_FLAG_RFC2253_UTF8)
      var data: UnsafeMutablePointer<CChar>?
      let count = shim_BIO_get_mem_data(bio, &data)
      return String(decoding: UnsafeRawBufferPointer(start: data, count: max(0, count)), as: UTF8.self)
    }
  }

  private static func lastCommonName(_ name: OpaquePointer?) -> String? {
    var index: Int32 = -1
    while true {
      let next = X509_NAME_get_index_by_NID(name, NID_commonName, index)
      guard next >= 0 else { break }
      index = next
    }
    guard index >= 0, let entry = X509_NAME_get_entry(name, index) else { return nil }
    var text: UnsafeMutablePointer<UInt8>?
    let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
    guard count >= 0, let text else {
      CryptoError.drainErrorQueue()
      return nil
    }
    defer { shim_OPENSSL_free(text) }
    return String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
  }

  private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Int64 {
    var parts = tm()
    guard ASN1_TIME_to_tm(time, &parts) == 1 else {
      throw .malformedCertificate(reasons: CryptoError.drainErrorQueue())
    }
    return Int64(timegm(&parts))
  }
}

extension Certificate: Hashable {
  /// Equality of the DER bytes.
  public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }
  /// Hashes the fingerprint.
  public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Certificate: CustomStringConvertible {
  /// The subject and the beginning of the fingerprint.
  public var description: String { "\(subject) (\(fingerprint.prefix(16))…)" }
}
