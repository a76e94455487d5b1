import Cryptography
import Envelope
import Testing

@Suite("signers")
struct SignerTests {
  struct Signer: Sendable, CustomStringConvertible {
    let description: String
    let key: Result<TestKey, any Error>
    let options: [String]
    /// openssl can't write PSS parameters when it streams.
    var streams = true
  }

  static let signers = [
    Signer(description: "EC P-256, SHA-256", key: TestKey.p256, options: ["-md", "sha256"]),
    Signer(description: "EC P-384, SHA-384", key: TestKey.p384, options: ["-md", "sha384"]),
    Signer(description: "RSA 2048, SHA-512", key: TestKey.rsa2048, options: ["-md", "sha512"]),
    Signer(
      description: "RSA 3072, PSS", key: TestKey.rsa3072,
      options: ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss"], streams: false),
    Signer(description: "EC P-256, no attributes", key: TestKey.p256, options: ["-md", "sha256", "-noattr"]),
    Signer(description: "RSA 2048, no attributes", key: TestKey.rsa2048, options: ["-md", "sha256", "-noattr"]),
    Signer(description: "RSA 2048, by key identifier", key: TestKey.rsa2048, options: ["-md", "sha256", "-keyid"]),
  ]

  @Test("each kind of signature is verified, and its signer named", arguments: signers)
  func kinds(signer: Signer) throws {
    var sealing = try Sealing(signers: [signer.key.get()])
    sealing.signOptions = ["-binary"] + signer.options
    for stream in signer.streams ? [[], ["-stream"]] : [[]] {
      sealing.signOptions += stream
      let opened = try sealing.open(sealing.seal())
      #expect(try opened.signers == [signer.key.get().certificate])
      #expect(try opened.document() == Sealing.document)
    }
  }

  @Test("every signer of a file signed again is named, in whichever digests")
  func several() throws {
    let keys = try [TestKey.maker.get(), TestKey.checker.get(), TestKey.p384.get()]
    let sealing = try Sealing(signers: keys)
    let opened = try sealing.open(sealing.seal())
    #expect(Set(opened.signers) == Set(keys.map(\.certificate)))
  }

  @Test("one who signs twice is one signer")
  func twice() throws {
    let maker = try TestKey.maker.get()
    let sealing = try Sealing()
    var signed = SignedTree(try sealing.sign(Sealing.document))
    signed.signerInfos += signed.signerInfos
    #expect(try sealing.open(sealing.encrypt(signed.encoded())).signers == [maker.certificate])
  }

  @Test("one bad signature among good ones spoils the file")
  func oneBad() throws {
    let sealing = try Sealing(signers: [TestKey.maker.get(), TestKey.checker.get()])
    for index in 0...1 {
      var signed = SignedTree(try sealing.sign(Sealing.document))
      var info = signed.signerInfos[index]
      let signature = info.children.count - 1
      info.children[signature].content[info.children[signature].content.count - 1] ^= 1
      signed.signerInfos[index] = info
      #expect(try sealing.code(sealing.encrypt(signed.encoded())) == "bad-signature")
    }
  }

  @Test("a file without certificates is verified with the registered ones, and without them its signer is unknown")
  func noCertificates() throws {
    var sealing = try Sealing()
    sealing.signOptions += ["-nocerts"]
    let sealed = try sealing.seal()
    let registered = try [TestKey.stranger.get(), TestKey.maker.get()]
    #expect(try sealing.open(sealed, knownSigners: registered).signers == [registered[1].certificate])
    #expect(try sealing.code(sealed) == "unknown-signer")
  }

  @Test(
    "another content under a signature is refused, with and without signed attributes", arguments: [[], ["-noattr"]])
  func otherContent(options: [String]) throws {
    var sealing = try Sealing()
    sealing.signOptions += options
    var signed = SignedTree(try sealing.sign(Sealing.document))
    signed.content = Array(#"{"batchID":"B-2"}"#.utf8)
    #expect(try sealing.code(sealing.encrypt(signed.encoded())) == "bad-signature")
  }

  @Test("the signed attributes of a signature are not taken for a content of their own")
  func attributesAsContent() throws {
    let sealing = try Sealing()
    var signed = SignedTree(try sealing.sign(Sealing.document))
    var info = signed.signerInfos[0]
    let position = try #require(info.children.firstIndex { $0.identifier == 0xA0 })
    var attributes = info.children.remove(at: position)
    attributes.identifier = 0x31
    signed.content = attributes.encoded()
    signed.signerInfos = [info]
    #expect(try sealing.code(sealing.encrypt(signed.encoded())) != "opened")
  }

  @Test(
    "a signature with SHA-1, SHA-224 or MD5 is refused, and the message names the option",
    arguments: ["sha1", "sha224", "md5"])
  func weakDigest(digest: String) throws {
    var sealing = try Sealing(signers: [TestKey.rsa2048.get()])
    sealing.signOptions = ["-binary", "-md", digest]
    let error = try sealing.refusal(sealing.seal())
    #expect(error.code == "bad-signature" && error.message.contains("-md sha256"))
  }

  @Test("a signature with RSA 1024 is refused")
  func weakKey() throws {
    let sealing = try Sealing(signers: [TestKey.rsa1024.get()])
    let error = try sealing.refusal(sealing.seal())
    #expect(error.code == "bad-signature" && error.message.contains("RSA 1024"))
  }

  @Test("a layer whose signers were taken out is not signed")
  func noSigner() throws {
    let sealing = try Sealing()
    var signed = SignedTree(try sealing.sign(Sealing.document))
    signed.signerInfos = []
    #expect(try sealing.code(sealing.encrypt(signed.encoded())) == "not-signed")
  }

  @Test("a content of another type than id-data is refused")
  func otherType() throws {
    var sealing = try Sealing()
    sealing.signOptions += ["-econtent_type", "1.2.840.113549.1.9.16.1.4"]
    #expect(try sealing.code(sealing.seal()) == "unsupported-encoding")
  }
}
