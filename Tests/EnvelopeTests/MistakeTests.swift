import Cryptography
import Envelope
import Testing

@Suite("formats dropped by mistake")
struct MistakeTests {
  struct Mistake: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    let code: String
    /// A word of the message that names what was found or what mends it.
    let says: String

    init(_ description: String, _ text: String, _ code: String, says: String) {
      self.init(description, Array(text.utf8), code, says: says)
    }
    init(_ description: String, _ bytes: [UInt8], _ code: String, says: String) {
      (self.description, self.bytes, self.code, self.says) = (description, bytes, code, says)
    }
  }

  static let mistakes = [
    Mistake("an empty file", "", "truncated", says: "empty"),
    Mistake("JSON", #"{"batchID":"B"}"#, "not-sealed", says: "plain JSON"),
    Mistake("JSON after a byte-order mark", "\u{FEFF}{}", "not-sealed", says: "plain JSON"),
    Mistake("JSON after white space", "\n\n  {}", "not-sealed", says: "plain JSON"),
    Mistake("JSON in UTF-16", [0xFF, 0xFE, 0x7B, 0x00], "not-sealed", says: "UTF-16"),
    Mistake("gzip", [0x1F, 0x8B, 0x08, 0x00], "not-sealed", says: "gzip"),
    Mistake("zip", "PK\u{3}\u{4}abc", "not-sealed", says: "zip"),
    Mistake("OpenPGP, old packet", [0x85, 0x01, 0x0C, 0x03], "not-sealed", says: "OpenPGP"),
    Mistake("OpenPGP, new packet", [0xC1, 0xC0, 0x4C, 0x03], "not-sealed", says: "OpenPGP"),
    Mistake("OpenPGP in ASCII armor", "-----BEGIN PGP MESSAGE-----\n\n", "not-sealed", says: "OpenPGP"),
    Mistake("age", "age-encryption.org/v1\n", "not-sealed", says: "age"),
    Mistake("openssl enc", "Salted__12345678", "not-sealed", says: "openssl enc"),
    Mistake("XML", "<?xml version='1.0'?>", "not-sealed", says: "XML"),
    Mistake("comma-separated text", "id,amount\n", "not-sealed", says: "no CMS"),
    Mistake("a certificate in PEM", "-----BEGIN CERTIFICATE-----\n", "not-sealed", says: "certificate"),
    Mistake("PEM", "-----BEGIN CMS-----\nMIA", "unsupported-encoding", says: "-outform DER"),
    Mistake("PEM of PKCS #7", "-----BEGIN PKCS7-----\nMIA", "unsupported-encoding", says: "-outform DER"),
    Mistake("base64", "MIAGCSqGSIb3DQEHA6CA", "unsupported-encoding", says: "base64 -d"),
    Mistake("S/MIME", "MIME-Version: 1.0\r\n", "unsupported-encoding", says: "-outform DER"),
    Mistake("white space", " \n ", "not-sealed", says: "white space"),
  ]

  @Test("each is told apart, with what mends it", arguments: mistakes)
  func foreign(mistake: Mistake) throws {
    let error = try Sealing().refusal(mistake.bytes)
    #expect(error.code == mistake.code)
    #expect(error.message.contains(mistake.says))
  }

  @Test("openssl's own PEM and S/MIME output is told apart", arguments: ["PEM", "SMIME"])
  func textual(form: String) throws {
    var sealing = try Sealing()
    sealing.encryptOptions += ["-outform", form]
    let error = try sealing.refusal(sealing.seal())
    #expect(error.code == "unsupported-encoding" && error.message.contains("-outform DER"))
  }

  @Test("a signed file that was not encrypted is not sealed")
  func signedOnly() throws {
    let sealing = try Sealing()
    let error = try sealing.refusal(sealing.sign(Sealing.document))
    #expect(error.code == "not-sealed" && error.message.contains("openssl cms -encrypt"))
  }

  @Test(
    "other CMS structures are named",
    arguments: ["-compress", "-digest_create", "-data_create", "-EncryptedData_encrypt"])
  func otherStructures(option: String) throws {
    let sealing = try Sealing()
    let path = try sealing.directory.write(Sealing.document, as: "plain")
    let key = option == "-EncryptedData_encrypt" ? ["-aes128", "-secretkey", "000102030405060708090A0B0C0D0E0F"] : []
    do {
      try Command.openssl(
        ["cms", option, "-binary", "-outform", "DER", "-in", path, "-out", sealing.directory.file("other")] + key)
    } catch  where option == "-compress" {
      // Debian's libcrypto is built without zlib: a ContentInfo of the type says as much.
      let type: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x09]
      let tree = BERTree(
        identifier: 0x30,
        children: [BERTree(identifier: 0x06, content: type), BERTree(identifier: 0xA0, children: [])])
      _ = try sealing.directory.write(tree.encoded(), as: "other")
    }
    let error = try sealing.refusal(sealing.directory.read("other"))
    #expect(["not-sealed", "unsupported-encoding"].contains(error.code))
    #expect(error.message.contains("the file is CMS ") && error.message.contains("use "))
  }

  @Test("what was encrypted without a signature is not signed, with or without gzip")
  func notSigned() throws {
    let sealing = try Sealing()
    for content in try [Sealing.document, sealing.gzip(Sealing.document)] {
      let error = try sealing.refusal(sealing.encrypt(content))
      #expect(error.code == "not-signed" && error.message.contains("openssl cms -sign"))
    }
  }

  @Test("a signed layer in S/MIME text or PEM is named", arguments: ["SMIME", "PEM"])
  func signedText(form: String) throws {
    let sealing = try Sealing()
    let (maker, path) = (try TestKey.maker.get(), try sealing.directory.write(Sealing.document, as: "plain"))
    try Command.openssl(
      "cms", "-sign", "-binary", "-nodetach", "-in", path, "-out", sealing.directory.file("text"), "-outform", form,
      "-signer", maker.certificatePath, "-inkey", maker.keyPath)
    let error = try sealing.refusal(sealing.encrypt(sealing.directory.read("text")))
    #expect(error.code == "not-signed" && error.message.contains("-outform DER to openssl cms -sign"))
  }

  @Test("a detached signature is named")
  func detached() throws {
    let sealing = try Sealing()
    let (maker, path) = (try TestKey.maker.get(), try sealing.directory.write(Sealing.document, as: "plain"))
    try Command.openssl(
      "cms", "-sign", "-binary", "-in", path, "-out", sealing.directory.file("detached"), "-outform", "DER", "-signer",
      maker.certificatePath, "-inkey", maker.keyPath)
    let error = try sealing.refusal(sealing.encrypt(sealing.directory.read("detached")))
    #expect(error.code == "not-signed" && error.message.contains("-nodetach"))
  }

  @Test("encrypting first and signing then is named")
  func wrongOrder() throws {
    let sealing = try Sealing()
    #expect(try sealing.refusal(sealing.sign(sealing.seal())).code == "not-sealed")
    #expect(try sealing.refusal(sealing.encrypt(sealing.seal())).message.contains("sign first"))
  }

  @Test("-binary left out at either step is named where it did damage")
  func withoutBinary() throws {
    var sealing = try Sealing()
    let document = Array((0..<2_000).map { "\($0 &* 2_654_435_761)" }.joined().utf8)
    sealing.encryptOptions = ["-aes-256-gcm"]
    let signed = try sealing.sign(sealing.gzip(document))
    try #require(signed.contains(0x0A))
    let outer = try sealing.refusal(sealing.encrypt(signed))
    #expect(outer.code == "unsupported-encoding" && outer.message.contains("-binary left out at openssl cms -encrypt"))

    sealing = try Sealing()
    sealing.signOptions = ["-md", "sha256"]
    let inner = try sealing.refusal(sealing.seal(sealing.gzip(document)))
    #expect(inner.code == "unsupported-encoding")
    #expect(inner.message.contains("-binary left out at openssl cms -sign"))
  }

  @Test("a signed content that is neither JSON nor gzip is named", arguments: ["PK\u{3}\u{4}zip", "<xml/>", "hello"])
  func otherContent(text: String) throws {
    let sealing = try Sealing()
    let error = try sealing.refusal(sealing.seal(Array(text.utf8)))
    #expect(error.code == "unsupported-encoding" && error.message.contains("sign the JSON itself"))
  }
}
