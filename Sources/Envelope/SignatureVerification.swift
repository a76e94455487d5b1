import COpenSSL
import Cryptography

/// Verifies every signature of a signed layer, with libcrypto, against the digests of the content that has passed.
enum SignatureVerification {
  private static let minimumRSABits = 2_048

  /// The signers, each once; throws unless all their signatures are good.
  static func signers(of layer: SignedLayer, known: [Certificate]) throws -> [Certificate] {
    guard !layer.signerInfos.isEmpty else {
      throw EnvelopeError.notSigned("the signed layer inside has no signature")
    }
    let structure = try parse(layer.detached)
    let candidates = structure.withPointer { embedded($0) } + known
    var signers: [Certificate] = []
    try structure.withPointer { structure in
      let infos = CMS_get0_SignerInfos(structure)
      let count = shim_sk_CMS_SignerInfo_num(infos)
      guard Int(count) == layer.signerInfos.count else { throw BERError.malformed("signer infos that can't be read") }
      for index in 0..<count {
        guard let info = shim_sk_CMS_SignerInfo_value(infos, index) else { continue }
        let encoded = layer.signerInfos[Int(index)]
        let signer = try verify(info, encoded: encoded, candidates: candidates, digests: layer.digests)
        if !signers.contains(signer) { signers.append(signer) }
      }
    }
    return signers
  }

  private static func verify(
    _ info: OpaquePointer, encoded: [UInt8], candidates: [Certificate], digests: ContentDigests
  ) throws -> Certificate {
    defer { CryptoError.drainErrorQueue() }
    guard let signer = candidates.first(where: { $0.withX509 { CMS_SignerInfo_cert_cmp(info, $0) } == 0 }) else {
      throw EnvelopeError.unknownSigner(
        "a signer's certificate is neither in the file nor registered: leave -nocerts out, or have it registered")
    }
    let digest = try strongDigest(info, announced: digests.algorithms, signer)
    try requireStrongKey(signer)
    signer.withX509 { CMS_SignerInfo_set1_signer_cert(info, $0) }
    if CMS_signed_get_attr_count(info) > 0 {
      // RFC 5652 §5.6: the signature is over the attributes, which hold the digest and the type of the content.
      guard hasDataContentType(info) else { throw bad(signer) }
      if signer.keyAlgorithm == .ed25519 {
        let value = try digests.value(of: digest)
        guard try EdwardsSignature.verify(info, encoded, by: signer, contentDigest: value) else { throw bad(signer) }
        return signer
      }
      guard CMS_SignerInfo_verify(info) == 1 else { throw bad(signer) }
    }
    guard digests.withChain({ CMS_SignerInfo_verify_content(info, $0) }) == 1 else { throw bad(signer) }
    return signer
  }

  private static func bad(_ signer: Certificate) -> EnvelopeError {
    .badSignature(
      "the signature of \(signer.subject) does not fit the content: another key, or bytes changed after signing")
  }

  private static func strongDigest(
    _ info: OpaquePointer, announced: [DigestAlgorithm], _ signer: Certificate
  ) throws -> DigestAlgorithm {
    var algorithm: UnsafeMutablePointer<X509_ALGOR>?
    CMS_SignerInfo_get0_algs(info, nil, nil, &algorithm, nil)
    let identifier = OBJ_obj2nid(algorithm?.pointee.algorithm)
    guard let digest = DigestAlgorithm(libcryptoID: identifier) else {
      let name = OBJ_nid2sn(identifier).map { String(cString: $0) } ?? "an unknown digest"
      throw EnvelopeError.badSignature(
        "\(signer.subject) signed with \(name), which is not accepted: add -md sha256 to openssl cms -sign")
    }
    guard announced.contains(digest) else {
      throw EnvelopeError.badSignature("\(signer.subject) signed with a digest that the layer does not announce")
    }
    return digest
  }

  private static func requireStrongKey(_ signer: Certificate) throws {
    switch signer.keyAlgorithm {
    case .rsa(let bits) where bits >= minimumRSABits: return
    case .ec(let curve) where ["P-256", "P-384", "P-521"].contains(curve): return
    case .ed25519: return
    case .rsa, .ec, .other:
      throw EnvelopeError.badSignature(
        "the key of \(signer.subject) is \(signer.keyDescription): use RSA of at least 2048 bits, EC P-256 or P-384")
    }
  }

  private static func hasDataContentType(_ info: OpaquePointer) -> Bool {
    // -3: there must be exactly one such attribute, with exactly one value.
    let value = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT)
    return OBJ_obj2nid(OpaquePointer(value)) == NID_pkcs7_data
  }

  private static func parse(_ detached: [UInt8]) throws -> OpenSSLObject {
    let pointer = detached.withUnsafeBufferPointer { buffer in
      var cursor = buffer.baseAddress
      return d2i_CMS_ContentInfo(nil, &cursor, buffer.count)
    }
    guard let pointer else {
      let reasons = CryptoError.drainErrorQueue().joined(separator: "; ")
      throw EnvelopeError.badSignature("the certificates or signer infos can't be read: \(reasons)")
    }
    return try OpenSSLObject(pointer, "parse the signed layer", free: { CMS_ContentInfo_free($0) })
  }

  private static func embedded(_ structure: OpaquePointer) -> [Certificate] {
    guard let stack = CMS_get1_certs(structure) else { return [] }
    defer { shim_sk_X509_pop_free(stack) }
    // One whose key or dates can't be read verifies nothing, as if it were not there.
    return (0..<max(0, shim_sk_X509_num(stack))).compactMap { index in
      shim_sk_X509_value(stack, index).flatMap { try? Certificate(sharing: $0) }
    }
  }
}
