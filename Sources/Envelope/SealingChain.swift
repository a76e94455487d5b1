import COpenSSL
import Cryptography

/// libcrypto's filters in a row: what is written at the top is signed, then encrypted, then goes to the output, as BER
/// that grows as it comes (`CMS_STREAM`).
final class SealingChain {
  // Filters refer to their structures and to the BIO under them: freed from the top down.
  private let signed: OpenSSLObject
  private let encrypted: OpenSSLObject
  private let bottom: OpenSSLObject
  private let output: SealedOutput
  private var top: OpaquePointer?
  /// Whether there is anything to sign: libcrypto makes no octet string of nothing.
  private(set) var hasContent = false
  private static let flags = UInt32(CMS_BINARY | CMS_STREAM | CMS_PARTIAL)

  init(signers: [KeyPair], recipients: [Certificate], output: SealedOutput) throws {
    self.output = output
    encrypted = try Self.encryption(for: recipients)
    signed = try Self.signature(by: signers, flags: Self.flags)
    bottom = try output.makeBIO()
    let encrypting = encrypted.withPointer { cms in bottom.withPointer { BIO_new_CMS($0, cms) } }
    guard encrypting != nil else { throw CryptoError.draining("start encrypting") }
    top = encrypting
    let signing = signed.withPointer { BIO_new_CMS(encrypting, $0) }
    guard signing != nil else { throw CryptoError.draining("start signing") }
    top = signing
  }

  deinit {
    bottom.withPointer { bottom in
      while let bio = top, bio != bottom {
        top = BIO_pop(bio)
        BIO_free(bio)
      }
    }
    CryptoError.drainErrorQueue()
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      // One write becomes one octet string of the signed layer.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 16))
      guard BIO_write(top, part.baseAddress, Int32(part.count)) == Int32(part.count) else {
        throw CryptoError.draining("seal more of the document")
      }
      rest = rest.dropFirst(part.count)
      hasContent = true
    }
  }

  /// Signs, ends the signed layer, and then the encrypted one around it: a flush goes down the chain.
  func finish() throws {
    guard shim_BIO_flush(top) == 1 else { throw CryptoError.draining("finish sealing") }
  }

  /// A structure that each of the signers will sign when its content is there.
  static func signature(by signers: [KeyPair], flags: UInt32) throws -> OpenSSLObject {
    let cms = try OpenSSLObject(
      CMS_sign(nil, nil, nil, nil, flags), "make a signed layer", free: { CMS_ContentInfo_free($0) })
    for signer in signers {
      let digest: OpaquePointer?
      switch signer.certificate.keyAlgorithm {
      // SHA-256 would take a third of P-384's strength away.
      case .ec(curve: "P-384"): digest = EVP_sha384()
      case .ec(curve: "P-256"): digest = EVP_sha256()
      case .rsa(let bits) where bits >= 2_048: digest = EVP_sha256()
      case .rsa, .ec, .ed25519, .other:
        throw EnvelopeError.unusable(
          "\(signer.certificate.subject) has a key of kind \(signer.certificate.keyDescription), which can't sign here")
      }
      let info = cms.withPointer { cms in
        signer.certificate.withX509 { certificate in
          signer.privateKey.withEVPKey { key in
            CMS_add1_signer(cms, certificate, key, digest, UInt32(CMS_BINARY | CMS_NOSMIMECAP))
          }
        }
      }
      guard info != nil else { throw CryptoError.draining("add the signer \(signer.certificate.subject)") }
    }
    return cms
  }

  private static func encryption(for recipients: [Certificate]) throws -> OpenSSLObject {
    let cms = try OpenSSLObject(
      CMS_encrypt(nil, nil, EVP_aes_256_gcm(), flags), "make an encrypted layer", free: { CMS_ContentInfo_free($0) })
    for recipient in recipients {
      let options: [(name: String, value: String)]
      switch recipient.keyAlgorithm {
      case .rsa(let bits) where bits >= 2_048:
        options = [("rsa_padding_mode", "oaep"), ("rsa_oaep_md", "sha256"), ("rsa_mgf1_md", "sha256")]
      case .ec(let curve) where ["P-256", "P-384"].contains(curve):
        options = [("ecdh_kdf_md", "sha256")]
      case .rsa, .ec, .ed25519, .other:
        throw EnvelopeError.unusable(
          "\(recipient.subject) has a key of kind \(recipient.keyDescription), which can't be encrypted to")
      }
      try cms.withPointer { cms in
        let info = recipient.withX509 { CMS_add1_recipient_cert(cms, $0, UInt32(CMS_KEY_PARAM)) }
        guard let info, let context = CMS_RecipientInfo_get0_pkey_ctx(info) else {
          throw CryptoError.draining("add the recipient \(recipient.subject)")
        }
        for option in options where EVP_PKEY_CTX_ctrl_str(context, option.name, option.value) <= 0 {
          throw CryptoError.draining("set \(option.name) for \(recipient.subject)")
        }
      }
    }
    return cms
  }
}
