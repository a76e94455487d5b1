import Cryptography
import Envelope
import Foundation
import Testing

/// Debian's `openssl cms` (3.0) makes no Ed25519 signatures, so these are put together by hand as RFC 8419 says, the
/// signature itself by `openssl pkeyutl`.
@Suite("Ed25519 signers")
struct EdwardsTests {
  private let sealing: Sealing
  private let signer: TestKey

  init() throws {
    var sealing = try Sealing()
    sealing.signOptions = ["-binary", "-md", "sha512"]
    self.sealing = sealing
    signer = try TestKey.ed25519.get()
  }

  /// A layer signed by another key with SHA-512, its signer exchanged; `bend` may change what is then signed.
  private func signed(_ bend: (inout BERTree) -> Void = { _ in }) throws -> SignedTree {
    var tree = SignedTree(try sealing.sign(Sealing.document))
    var certificate = BERTree(signer.certificate.der)
    certificate.isFrozen = true
    let certificates = try #require(tree.body.children.firstIndex { $0.identifier == 0xA0 })
    tree.body.children[certificates].children = [certificate]
    // TBSCertificate: version, serial number, signature algorithm, issuer.
    let fields = certificate.children[0].children
    var info = tree.signerInfos[0]
    info.children[1] = BERTree(identifier: 0x30, children: [fields[3], fields[1]])
    bend(&info)
    let attributes = try #require(info.children.firstIndex { $0.identifier == 0xA0 })
    var signedBytes = info.children[attributes].encoded()
    signedBytes[0] = 0x31
    let path = try sealing.directory.write(signedBytes, as: "attributes")
    let signature = try Command.openssl("pkeyutl", "-sign", "-rawin", "-inkey", signer.keyPath, "-in", path)
    // 1.3.101.112, without parameters.
    let algorithm = BERTree(identifier: 0x06, content: [0x2B, 0x65, 0x70])
    info.children[attributes + 1] = BERTree(identifier: 0x30, children: [algorithm])
    info.children[attributes + 2] = BERTree(identifier: 0x04, content: Array(signature))
    tree.signerInfos = [info]
    return tree
  }

  @Test("a good signature is verified, and its signer named")
  func good() throws {
    let opened = try sealing.open(sealing.encrypt(signed().encoded()))
    #expect(opened.signers == [signer.certificate])
    #expect(try opened.document() == Sealing.document)
  }

  @Test("a signature, attributes or content that were changed are refused")
  func changed() throws {
    let good = try signed()
    var forged = good
    let last = forged.signerInfos[0].children.count - 1
    forged.signerInfos[0].children[last].content[0] ^= 1
    #expect(try sealing.code(sealing.encrypt(forged.encoded())) == "bad-signature")
    forged = good
    forged.content[0] = UInt8(ascii: "[")
    #expect(try sealing.code(sealing.encrypt(forged.encoded())) == "bad-signature")
    forged = good
    let attributes = try #require(forged.signerInfos[0].children.firstIndex { $0.identifier == 0xA0 })
    forged.signerInfos[0].children[attributes].children.removeLast()
    #expect(try sealing.code(sealing.encrypt(forged.encoded())) == "bad-signature")
    forged.signerInfos[0].children.remove(at: attributes)
    #expect(try sealing.code(sealing.encrypt(forged.encoded())) == "bad-signature")
  }

  @Test("a signature over attributes that lack the digest or the type of the content is refused", arguments: [3, 4])
  func missingAttribute(lastArc: UInt8) throws {
    // PKCS #9: 3 is the content's type, 4 the digest.
    let tree = try signed { info in
      guard let attributes = info.children.firstIndex(where: { $0.identifier == 0xA0 }) else { return }
      info.children[attributes].children.removeAll { $0.children[0].content.last == lastArc }
    }
    #expect(try sealing.code(sealing.encrypt(tree.encoded())) == "bad-signature")
  }
}
