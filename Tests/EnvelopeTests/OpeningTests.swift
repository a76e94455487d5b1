import Cryptography
import Envelope
import TestKit
import Testing

@Suite("opening what openssl sealed")
struct OpeningTests {
  struct Recipient: Sendable, CustomStringConvertible {
    let description: String
    let key: Result<TestKey, any Error>
    let options: [String]
  }

  static let recipients = [
    Recipient(description: "RSA 2048, PKCS#1 v1.5", key: TestKey.rsa2048, options: []),
    Recipient(description: "RSA 3072, PKCS#1 v1.5", key: TestKey.rsa3072, options: []),
    Recipient(description: "RSA 2048, OAEP", key: TestKey.rsa2048, options: ["-keyopt", "rsa_padding_mode:oaep"]),
    Recipient(
      description: "RSA 3072, OAEP with SHA-256", key: TestKey.rsa3072,
      options: ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"]),
    Recipient(description: "P-256", key: TestKey.p256, options: []),
    Recipient(description: "P-384", key: TestKey.p384, options: []),
    Recipient(description: "P-256, KDF with SHA-256", key: TestKey.p256, options: ["-keyopt", "ecdh_kdf_md:sha256"]),
    Recipient(description: "P-384, KDF with SHA-384", key: TestKey.p384, options: ["-keyopt", "ecdh_kdf_md:sha384"]),
    Recipient(
      description: "P-256, cofactor DH", key: TestKey.p256, options: ["-keyopt", "ecdh_cofactor_mode:1"]),
  ]
  static let ciphers = ["-aes-256-gcm", "-aes-128-gcm", "-aes-256-cbc", "-aes-128-cbc"]

  @Test("every key transport opens with every cipher, streamed and not", arguments: recipients, ciphers)
  func transports(recipient: Recipient, cipher: String) throws {
    var sealing = try Sealing(recipients: [recipient.key.get()])
    sealing.recipientOptions = recipient.options
    for stream in [[], ["-stream"]] {
      sealing.encryptOptions = ["-binary", cipher] + stream
      let opened = try sealing.open(sealing.seal())
      #expect(try opened.document() == Sealing.document)
      #expect(opened.contentCipher == cipher.dropFirst().uppercased())
      #expect(try opened.signers == [TestKey.maker.get().certificate])
    }
  }

  @Test("the key that is among several recipients is found, with any key of the ring")
  func severalRecipients() throws {
    let keys = try [TestKey.rsa2048.get(), TestKey.p384.get(), TestKey.p256.get(), TestKey.rsa3072.get()]
    let sealing = try Sealing(recipients: keys)
    let sealed = try sealing.seal()
    for key in keys {
      let stranger = try TestKey.stranger.get()
      #expect(try sealing.open(sealed, with: [stranger, key]).document() == Sealing.document)
    }
  }

  @Test("a file for others is not for us, and an empty ring opens nothing")
  func notForUs() throws {
    let sealing = try Sealing(recipients: [TestKey.rsa2048.get(), TestKey.p256.get()])
    let sealed = try sealing.seal()
    for keys in try [[TestKey.stranger.get(), TestKey.rsa3072.get()], []] {
      let error = #expect(throws: EnvelopeError.self) { try sealing.open(sealed, with: keys) }
      #expect(error?.code == "not-for-us")
    }
  }

  @Test("gzip is unpacked, and a plain document is left as it is")
  func gzip() throws {
    let sealing = try Sealing()
    let document = Array(#"{"a":["#.utf8) + Array(repeatElement(Array("1234567,".utf8), count: 100_000).joined())
    let packed = try sealing.open(sealing.seal(sealing.gzip(document)))
    #expect(packed.isGzip)
    #expect(try packed.document() == document)
    let plain = try sealing.open(sealing.seal(document))
    #expect(!plain.isGzip)
    #expect(try plain.document() == document)
  }

  @Test("the document can be read again, and its digest is that of the unpacked bytes")
  func digest() throws {
    let sealing = try Sealing()
    let opened = try sealing.open(sealing.seal(sealing.gzip(Sealing.document)))
    for _ in 0..<2 {
      let digest = try opened.readDocument { _ in }
      #expect(try digest.sha256 == SHA256.digest(Sealing.document))
      #expect(digest.byteCount == Sealing.document.count)
    }
  }

  @Test("gzip of several members is one document")
  func members() throws {
    let sealing = try Sealing()
    let half = Sealing.document.count / 2
    let parts = try [Sealing.document[..<half], Sealing.document[half...]].map { try sealing.gzip(Array($0)) }
    let opened = try sealing.open(sealing.seal(Array(parts.joined())))
    #expect(try opened.document() == Sealing.document)
  }

  static let forms: [BERTree.Form] = [
    .init(), .init(isIndefinite: true), .init(segments: [1]), .init(isIndefinite: true, segments: [1, 2, 3, 5, 8]),
    .init(segments: [0, 7]), .init(isIndefinite: true, segments: [4_096]), .init(segments: [300], nesting: 3),
    .init(isIndefinite: true, segments: [13], nesting: 2),
  ]

  @Test(
    "definite and indefinite lengths and octet strings in any segments open alike, in both layers", arguments: forms)
  func encodings(form: BERTree.Form) throws {
    var sealing = try Sealing()
    for cipher in ["-aes-256-gcm", "-aes-256-cbc"] {
      sealing.encryptOptions = ["-binary", cipher]
      let signed = SignedTree(try sealing.sign(Sealing.document)).encoded(form)
      let sealed = EnvelopedTree(try sealing.encrypt(signed)).encoded(form)
      #expect(try sealing.open(sealed).document() == Sealing.document)
    }
  }

  @Test("a failure of the reader's own comes back as it was thrown")
  func bodyFailure() throws {
    let sealing = try Sealing()
    let opened = try sealing.open(sealing.seal())
    #expect(throws: CancellationError.self) { try opened.readDocument { _ in throw CancellationError() } }
  }

  @Test("a pair of a key and another's certificate is refused")
  func strangePair() throws {
    let (first, second) = try (TestKey.p256.get(), TestKey.p384.get())
    #expect(throws: EnvelopeError.self) {
      try KeyPair(certificate: first.certificate, privateKey: second.pair.privateKey)
    }
  }

  @Test("a file that is not there, a directory and a pipe are told apart from a file that is wrong")
  func notFiles() throws {
    let directory = try TemporaryDirectory()
    let missing = #expect(throws: EnvelopeError.self) {
      try SealedFile(path: directory.file("none"), openedWith: KeyRing([]))
    }
    #expect(missing?.code == "io-error" && missing?.isRejection == false)
    try TestKit.Command.tool("mkfifo", [directory.file("pipe")])
    for path in [directory.path, directory.file("pipe")] {
      let error = #expect(throws: EnvelopeError.self) { try SealedFile(path: path, openedWith: KeyRing([])) }
      #expect(error?.code == "not-sealed")
    }
  }
}
