import COpenSSL
import Cryptography

/// Ed25519 signatures (RFC 8419), which libcrypto verifies but its CMS before 3.2 does not know.
enum EdwardsSignature {
  /// Whether the signature over the signed attributes is good and they hold this digest of the content. The caller has
  /// checked the other attributes.
  static func verify(
    _ info: OpaquePointer, _ encoded: [UInt8], by signer: Certificate, contentDigest: [UInt8]
  ) throws -> Bool {
    // RFC 8419 §3: the signature is over the attributes themselves, not over a digest of them.
    guard let stated = messageDigest(info), stated == contentDigest, let attributes = try signedAttributes(encoded),
      let signature = CMS_SignerInfo_get0_signature(info)
    else { return false }
    let context = try OpenSSLObject(EVP_MD_CTX_new(), "make a digest context", free: { EVP_MD_CTX_free($0) })
    let key = signer.withX509 { X509_get0_pubkey($0) }
    let answer = context.withPointer { context -> Int32 in
      guard EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1 else { return 0 }
      return EVP_DigestVerify(
        context, ASN1_STRING_get0_data(signature), Int(ASN1_STRING_length(signature)), attributes, attributes.count)
    }
    return answer == 1
  }

  private static func messageDigest(_ info: OpaquePointer) -> [UInt8]? {
    // -3: there must be exactly one such attribute, with exactly one value.
    let value = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING)
    guard let string = value?.assumingMemoryBound(to: ASN1_OCTET_STRING.self) else { return nil }
    return Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
  }

  /// What the signature is over: RFC 5652 §5.4, the attributes with the tag of a SET in place of [0].
  private static func signedAttributes(_ encoded: [UInt8]) throws -> [UInt8]? {
    let reader = BERReader(encoded)
    try reader.enter(BERTag.sequence, "signer info")
    // Version, signer identifier, digest algorithm.
    for _ in 0..<3 { _ = try reader.element(limit: encoded.count) }
    guard try reader.nextTag() == BERTag.context(0) else { return nil }
    var attributes = try reader.element(limit: encoded.count)
    attributes[0] = BERTag.set | BERHeader.constructedBit
    return attributes
  }
}
