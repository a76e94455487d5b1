import TestKit
import Testing

@Suite("A file that is no sealed file for us") struct EnvelopeRejectionTests {
  private let batch = BatchDocument.payments("B-1", [100])

  private func expect(
    _ code: String, saying words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    from make: (TestHome, Sealing) throws -> [UInt8]
  ) throws {
    let home = try TestHome()
    let file = try home.file(make(home, Sealing(by: [home.keys.maker])))
    let report = try home.process(file)
    for word in words { #expect(report.stderr.contains(word), "\(report.stderr)", sourceLocation: sourceLocation) }
    try home.expect(
      ExpectedRejection(code, isAnswered: false), of: file, corrected: batch, sourceLocation: sourceLocation)
  }

  @Test("plain JSON is not sealed") func plain() throws {
    try expect("not-sealed", saying: "openssl cms -sign") { _, _ in batch.bytes }
  }

  @Test("gzip alone is not sealed") func gzip() throws {
    try expect("not-sealed", saying: "gzip") { home, sealing in
      var sealing = sealing
      (sealing.signers, sealing.encrypts) = ([], false)
      return try sealing.seal(batch.bytes, to: home.processor)
    }
  }

  @Test("a file that was signed and not encrypted is not sealed") func signedOnly() throws {
    try expect("not-sealed", saying: "encrypt") { home, sealing in
      var sealing = sealing
      sealing.encrypts = false
      return try sealing.seal(batch.bytes, to: home.processor)
    }
  }

  @Test("PEM and S/MIME text are told apart, with the option that mends them", arguments: ["PEM", "SMIME"])
  func text(form: String) throws {
    try expect("unsupported-encoding", saying: form == "PEM" ? "PEM" : "S/MIME", "-outform DER") { home, sealing in
      var sealing = sealing
      // OpenSSL writes no AuthEnvelopedData as S/MIME.
      (sealing.form, sealing.cipher) = (form, "-aes-256-cbc")
      return try sealing.seal(batch.bytes, to: home.processor)
    }
  }

  @Test("a cipher that is not accepted is an unsupported encoding") func cipher() throws {
    try expect("unsupported-encoding") { home, sealing in
      var sealing = sealing
      sealing.cipher = "-des-ede3-cbc"
      return try sealing.seal(batch.bytes, to: home.processor)
    }
  }

  @Test("a file that ends early is truncated", arguments: [0, 1, 2]) func truncated(part: Int) throws {
    try expect("truncated") { home, sealing in
      let whole = try sealing.seal(batch.bytes, to: home.processor)
      return Array(whole.prefix([0, whole.count / 2, whole.count - 1][part]))
    }
  }

  @Test("a file that is sealed to another is not for us") func notForUs() throws {
    try expect("not-for-us") { home, sealing in try sealing.seal(batch.bytes, to: home.keys.encryption.certificate) }
  }

  @Test("a file that was changed in its content or its tag can't be decrypted, and both get the same words")
  func changed() throws {
    let home = try TestHome()
    var sealing = Sealing(by: [home.keys.maker])
    sealing.compresses = false
    let whole = try sealing.seal(
      BatchDocument.payments("B-1", Array(repeating: 1, count: 20)).bytes, to: home.processor)
    // The content is the file's greater part; the tag is the last that stands before three ends of contents.
    let (content, tag) = (whole.count / 2, whole.count - 7)
    var messages: Set<String> = []
    for place in [content, tag] {
      var changed = whole
      changed[place] ^= 1
      let report = try home.process(home.file(changed))
      #expect(report.status == 65)
      #expect(try report.json["batches"][0]["errors"][0]["code"].text == "cannot-decrypt", "byte \(place): \(report)")
      messages.insert(try report.json["batches"][0]["errors"][0]["message"].text ?? "")
    }
    #expect(messages.count == 1)
    var changed = whole
    changed[tag] ^= 1
    try home.expect(
      ExpectedRejection("cannot-decrypt", isAnswered: false), of: home.file(changed), corrected: batch)
  }

  @Test("a file that was encrypted and not signed is not signed") func notSigned() throws {
    try expect("not-signed", saying: "sign") { home, sealing in
      var sealing = sealing
      sealing.signers = []
      return try sealing.seal(batch.bytes, to: home.processor)
    }
  }

  @Test("a document that was changed after it was signed has a bad signature") func badSignature() throws {
    try expect("bad-signature") { home, sealing in
      var signing = sealing
      (signing.encrypts, signing.compresses) = (false, false)
      var signed = try signing.seal(batch.bytes, to: home.processor)
      let amount = Array(#""amount":"1"#.utf8)
      let place = try #require(signed.indices.first { signed[$0...].starts(with: amount) })
      signed[place + amount.count - 1] = UInt8(ascii: "9")
      var encrypting = sealing
      (encrypting.signers, encrypting.compresses) = ([], false)
      return try encrypting.seal(signed, to: home.processor)
    }
  }
}
