import Cryptography
import Envelope
import Testing

@Suite("A statement that is signed")
struct SignedStatementTests {
  private let directory: TemporaryDirectory
  private let text = Array("{\n  \"verb\": \"approve\"\n}\n".utf8)
  init() throws { directory = try TemporaryDirectory() }

  /// Signs as an operator does on another machine.
  private func signed(_ text: [UInt8], by signer: TestKey, _ options: String...) throws -> [UInt8] {
    let path = try directory.write(text, as: "statement")
    return Array(
      try Command.openssl(
        ["cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", path]
          + ["-signer", signer.certificatePath, "-inkey", signer.keyPath] + options))
  }

  @Test(
    "by openssl is read with the pinned certificate", arguments: [TestKey.p256, TestKey.p384, TestKey.rsa3072])
  func byProgram(key: Result<TestKey, any Error>) throws {
    let key = try key.get()
    #expect(try SignedStatement.text(of: signed(text, by: key), signedBy: key.certificate) == text)
    #expect(try SignedStatement.text(of: signed(text, by: key, "-nocerts"), signedBy: key.certificate) == text)
    #expect(try SignedStatement.text(of: signed(text, by: key, "-stream"), signedBy: key.certificate) == text)
  }

  @Test("here is verified by openssl, and by ourselves", arguments: [TestKey.p256, TestKey.p384, TestKey.rsa3072])
  func here(key: Result<TestKey, any Error>) throws {
    let key = try key.get()
    let signed = try SignedStatement.sign(text, by: key.pair)
    let path = try directory.write(signed, as: "signed")
    let verified = try Command.openssl(
      "cms", "-verify", "-binary", "-inform", "DER", "-in", path, "-CAfile", key.certificatePath, "-purpose", "any")
    #expect(Array(verified) == text)
    #expect(try SignedStatement.text(of: signed, signedBy: key.certificate) == text)
  }

  @Test("by another than the pinned certificate is refused, also beside it")
  func others() throws {
    let (maker, stranger) = (try TestKey.maker.get(), try TestKey.stranger.get())
    #expect(throws: EnvelopeError.self) {
      try SignedStatement.text(of: signed(text, by: stranger), signedBy: maker.certificate)
    }
    let both = try signed(text, by: maker, "-signer", stranger.certificatePath, "-inkey", stranger.keyPath)
    let error = #expect(throws: EnvelopeError.self) {
      try SignedStatement.text(of: both, signedBy: maker.certificate)
    }
    #expect(error?.code == "unknown-signer")
  }

  @Test("and changed afterwards is refused, at every byte of its text")
  func changed() throws {
    let key = try TestKey.p256.get()
    let signed = try SignedStatement.sign(text, by: key.pair)
    let start = try #require(signed.indices.first { signed[$0...].starts(with: text) })
    for index in start..<start + text.count {
      var bent = signed
      bent[index] ^= 1
      #expect(throws: EnvelopeError.self) { try SignedStatement.text(of: bent, signedBy: key.certificate) }
    }
  }

  @Test("in a form that is not accepted says so")
  func forms() throws {
    let key = try TestKey.p256.get()
    let path = try directory.write(text, as: "statement")
    let sign = ["cms", "-sign", "-binary", "-in", path, "-signer", key.certificatePath, "-inkey", key.keyPath]
    func refusal(_ options: [String]) throws -> EnvelopeError? {
      let bytes = Array(try Command.openssl(sign + options))
      return #expect(throws: EnvelopeError.self) { try SignedStatement.text(of: bytes, signedBy: key.certificate) }
    }
    #expect(try refusal(["-outform", "DER"])?.code == "not-signed")
    #expect(try refusal(["-nodetach", "-outform", "PEM"])?.code == "unsupported-encoding")
    #expect(try refusal(["-nodetach", "-outform", "DER", "-md", "sha1"])?.code == "bad-signature")
    let nothing = #expect(throws: EnvelopeError.self) {
      try SignedStatement.text(of: [], signedBy: key.certificate)
    }
    #expect(nothing?.isRejection == true)
  }
}
