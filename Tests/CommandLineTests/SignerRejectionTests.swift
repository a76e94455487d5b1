import TestKit
import Testing

@Suite("A file whose signers may not send it") struct SignerRejectionTests {
  private let batch = BatchDocument.payments("B-1", [100])

  @Test("a signer whom nobody registered is unknown") func unknownSigner() throws {
    let home = try TestHome()
    try home.expect(
      ExpectedRejection("unknown-signer", status: 77, isAnswered: false),
      of: home.sealed(batch, by: [home.keys.stranger]), corrected: batch)
  }

  @Test("a known signer beside an unknown one does not make a file known") func oneUnknown() throws {
    let home = try TestHome()
    try home.expect(
      ExpectedRejection("unknown-signer", status: 77, isAnswered: false),
      of: home.sealed(batch, by: [home.keys.maker, home.keys.stranger]), corrected: batch)
  }

  @Test("a registered certificate counts only within its validity", arguments: [\PartnerKeys.expired, \.early])
  func validity(signer: any KeyPath<PartnerKeys, PartnerKey> & Sendable) throws {
    let home = try TestHome()
    let signer = home.keys[keyPath: signer]
    // It is not registered so: its time came, or the clock was changed, after it was.
    try Command.tool("cp", [signer.certificate, "\(home.path)/partners/outdated.crt"])
    try home.edit(home.partnerFile) {
      $0.replacing("encryptionCertificates:", with: "- outdated.crt\nencryptionCertificates:")
    }
    try home.expect(
      ExpectedRejection("signer-expired", status: 77), of: home.sealed(batch, by: [signer]), corrected: batch)
  }

  @Test("one signature is not enough for a partner that needs two") func oneSignature() throws {
    let home = try TestHome()
    try home.update("--require-signatures", "2")
    try home.expect(
      ExpectedRejection("not-enough-signatures", status: 77), of: home.sealed(batch), corrected: batch,
      by: [home.keys.maker, home.keys.checker])
  }

  @Test("one signer who signs twice is one signer") func sameSignerTwice() throws {
    let home = try TestHome()
    try home.update("--require-signatures", "2")
    var sealing = Sealing(by: [home.keys.maker, home.keys.maker])
    // openssl adds a signer whose certificate is not there yet.
    sealing.signOptions = ["-nocerts"]
    try home.expect(
      ExpectedRejection("not-enough-signatures", status: 77),
      of: home.file(sealing.seal(batch.bytes, to: home.processor)), corrected: batch,
      by: [home.keys.maker, home.keys.checker])
  }

  @Test("a document in another's name does not go with these signers") func senderMismatch() throws {
    let home = try TestHome()
    try home.expect(
      ExpectedRejection("sender-mismatch", status: 77, at: "/sourceBBID"),
      of: home.sealed(.init("B-1", from: "other-registry", lines: batch.lines)), corrected: batch)
  }

  @Test("a registered partner can't send a document in another partner's name") func otherPartner() throws {
    let home = try TestHome()
    try home.expectSuccess([
      "partner", "add", "other-registry", "--signing-cert", home.keys.stranger.certificate, "--encryption-cert",
      home.keys.encryption.certificate,
    ])
    try home.expect(
      ExpectedRejection("sender-mismatch", status: 77, at: "/sourceBBID"),
      of: home.sealed(batch, by: [home.keys.stranger]), corrected: batch)
  }

  @Test("signers of two partners speak for neither") func twoPartners() throws {
    let home = try TestHome()
    try home.expectSuccess([
      "partner", "add", "other-registry", "--signing-cert", home.keys.stranger.certificate, "--encryption-cert",
      home.keys.encryption.certificate,
    ])
    try home.expect(
      ExpectedRejection("sender-mismatch", status: 77, isAnswered: false),
      of: home.sealed(batch, by: [home.keys.maker, home.keys.stranger]), corrected: batch)
  }

  @Test("a signing certificate speaks for one partner only") func certificateTaken() throws {
    let home = try TestHome()
    let result = try home.run([
      "partner", "add", "other-registry", "--signing-cert", home.keys.maker.certificate, "--encryption-cert",
      home.keys.encryption.certificate,
    ])
    #expect(result.status == 78)
    #expect(result.stderr.contains(TestHome.partner))
  }
}
