import Batch
import Cryptography
import Foundation
import Partners
import Station
import TestKit
import Testing

@Suite("Certificates that a partner can't be registered with") struct PartnerCertificateTests {
  /// A certificate of a key that `openssl req` makes, or has made.
  private func certificate(_ name: String, _ key: [String], in home: TestHome) throws -> String {
    let path = home.directory.file("\(name).crt")
    try Command.openssl(
      ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=\(name)", "-out", path]
        + (key.first == "-key" ? key : key + ["-keyout", home.directory.file("\(name).key")]))
    return path
  }

  private static let ed25519 = ["-newkey", "ed25519"]
  private static let p521 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"]
  private static let rsa1024 = ["-newkey", "rsa:1024"]

  private func expectRefusal(_ option: String, _ certificate: String, _ home: TestHome, _ words: String) throws {
    let before = try home.report(["partner", "show", TestHome.partner]).json.description
    let changed = try home.report(["partner", "update", TestHome.partner, option, certificate])
    #expect(changed.status == 64, "\(changed)")
    #expect(try changed.json["error"]["code"].text == "certificate")
    #expect(changed.stderr.contains(words), "\(changed)")
    #expect(try home.report(["partner", "show", TestHome.partner]).json.description == before)
    let good =
      option == "--signing-cert"
      ? ["--encryption-cert", home.keys.encryption.certificate] : ["--signing-cert", home.keys.stranger.certificate]
    #expect(try home.run(["partner", "add", "other", option, certificate] + good).status == 64)
    #expect(try home.report(["partner", "list"]).json["partners"].elements.count == 1)
  }

  @Test(
    "a key that no result can be encrypted to", arguments: zip([ed25519, p521, rsa1024], ["Ed25519", "P-521", "1024"]))
  func encryptionKey(key: [String], words: String) throws {
    let home = try TestHome()
    try expectRefusal("--encryption-cert", certificate("weak", key, in: home), home, words)
  }

  @Test("a key that no batch can be signed with") func signingKey() throws {
    let home = try TestHome()
    try expectRefusal("--signing-cert", certificate("weak", Self.rsa1024, in: home), home, "RSA 1024")
  }

  @Test("a certificate outside its validity", arguments: ["--signing-cert", "--encryption-cert"])
  func validity(option: String) throws {
    let home = try TestHome()
    try expectRefusal(option, home.keys.expired.certificate, home, "expired")
    try expectRefusal(option, home.keys.early.certificate, home, "not valid yet")
  }

  @Test("keys that the envelope takes are registered", arguments: [ed25519, p521, ["-newkey", "rsa:2048"]])
  func accepted(key: [String]) throws {
    let home = try TestHome()
    try home.update("--signing-cert", certificate("good", key, in: home))
    if key.contains("rsa:2048") { try home.update("--encryption-cert", certificate("rsa", key, in: home)) }
    #expect(try home.run(["partner", "show", TestHome.partner]).status == 0)
  }

  @Test("a result is sealed only to certificates within their validity, and that there is none is told") func sealable()
    async throws
  {
    let home = try TestHome()
    try Command.tool("cp", [home.keys.expired.certificate, "\(home.path)/partners/outdated.crt"])
    try home.edit(home.partnerFile) {
      $0.replacing("encryptionCertificates:", with: "encryptionCertificates:\n- outdated.crt")
    }
    let partner = try await Station(openingHomeAt: home.path).partners.partner(named: TestHome.partner)
    #expect(partner.encryptionCertificates.count == 2)
    let sealable = try partner.sealableCertificates(at: SystemClock().now())
    #expect(sealable.map(\.commonName) == ["encryption"])
    let late = try #require(Timestamp(rfc3339: "2080-01-01T00:00:00Z"))
    let error = #expect(throws: PartnersError.self) { try partner.sealableCertificates(at: late) }
    #expect(error?.description.contains("has expired") == true)
  }

  @Test("two certificates over one key are one signer, when registered and when they sign") func oneKey() throws {
    let home = try TestHome()
    let again = try certificate("again", ["-key", home.keys.maker.key], in: home)
    let refused = try home.run([
      "partner", "update", TestHome.partner, "--signing-cert", home.keys.maker.certificate, "--signing-cert", again,
      "--require-signatures", "2",
    ])
    #expect(refused.status == 78, "\(refused)")
    #expect(refused.stderr.contains("1 signer"), "\(refused)")
    try home.update(
      "--signing-cert", home.keys.maker.certificate, "--signing-cert", again, "--signing-cert",
      home.keys.checker.certificate, "--require-signatures", "2")
    let batch = BatchDocument.payments("B-1", [100])
    try home.expect(
      ExpectedRejection("not-enough-signatures", status: 77),
      of: home.sealed(batch, by: [home.keys.maker, PartnerKey(certificate: again, key: home.keys.maker.key)]),
      corrected: batch, by: [home.keys.maker, home.keys.checker])
  }

  @Test("a key speaks for one partner only, under whatever certificate") func oneKeyTwoPartners() throws {
    let home = try TestHome()
    let again = try certificate("again", ["-key", home.keys.maker.key], in: home)
    let result = try home.run([
      "partner", "add", "other", "--signing-cert", again, "--encryption-cert", home.keys.encryption.certificate,
    ])
    #expect(result.status == 78)
    #expect(result.stderr.contains(TestHome.partner))
  }
}
