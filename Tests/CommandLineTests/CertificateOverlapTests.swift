import Foundation
import TestKit
import Testing

@Suite("A partner's certificates that overlap") struct CertificateOverlapTests {
  /// A certificate of a new key, or of one that is there, under a name.
  private func pair(
    _ subject: String, over key: PartnerKey? = nil, usage: PartnerKey.Usage = .signature, _ home: TestHome
  )
    throws -> PartnerKey
  {
    let name = UUID().uuidString
    let made = PartnerKey(
      certificate: home.directory.file("\(name).crt"), key: key?.key ?? home.directory.file("\(name).key"))
    let keyOptions =
      key.map { ["-key", $0.key] }
      ?? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", made.key]
    try Command.openssl(
      ["req", "-x509", "-days", "30", "-subj", subject, "-out", made.certificate, "-addext"]
        + ["keyUsage=critical,\(usage.rawValue)"] + keyOptions)
    return made
  }

  private func fingerprint(_ key: PartnerKey) throws -> String {
    let text = String(
      decoding: try Command.openssl(["x509", "-in", key.certificate, "-noout", "-fingerprint", "-sha256"]),
      as: UTF8.self)
    return String(text.split(separator: "=")[1].dropLast())
  }

  @Test("both certificates of a signer are taken until the old one is removed") func signing() throws {
    let home = try TestHome()
    let renewed = try pair("/CN=maker", home)
    try home.update("--add-signing-cert", renewed.certificate)
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    #expect(try home.process(home.sealed(.payments("B-2", [100]), by: [renewed])).status == 0)
    try home.update("--remove-cert", fingerprint(home.keys.maker))
    let old = try home.process(home.sealed(.payments("B-3", [100])))
    #expect(old.status == 77)
    #expect(try old.json["batches"][0]["errors"][0]["code"].text == "unknown-signer")
    #expect(try home.process(home.sealed(.payments("B-3", [100]), by: [renewed])).status == 0)
  }

  @Test("a result opens with the old key and with the new one") func encryption() throws {
    let home = try TestHome()
    let renewed = try pair("/CN=encryption", usage: .agreement, home)
    try home.update("--add-encryption-cert", renewed.certificate)
    let report = try home.process(home.sealed(.payments("B-1", [100])))
    let result = try #require(try report.json["batches"][0]["result"].text)
    for key in [home.keys.encryption, renewed] {
      let opened = try Command.openssl([
        "cms", "-decrypt", "-binary", "-inform", "DER", "-in", result, "-recip", key.certificate, "-inkey", key.key,
      ])
      #expect(opened.count > 100)
    }
  }

  @Test("an old and a new certificate of one person are not two signers", arguments: ["/CN=maker", "/CN=  MAKER "])
  func onePerson(subject: String) throws {
    let home = try TestHome()
    try home.update("--require-signatures", "2")
    let renewed = try pair(subject, home)
    try home.update("--add-signing-cert", renewed.certificate)
    let batch = BatchDocument.payments("B-1", [100])
    try home.expect(
      ExpectedRejection("not-enough-signatures", status: 77), of: home.sealed(batch, by: [home.keys.maker, renewed]),
      corrected: batch, by: [renewed, home.keys.checker])
  }

  @Test("certificates that a third one connects are one signer's, whether or not it signs") func connected() throws {
    let home = try TestHome()
    let renamed = try pair("/CN=maker-at-work", over: home.keys.maker, home)
    let renewed = try pair("/CN=maker-at-work", home)
    try home.update("--require-signatures", "2")
    try home.update("--add-signing-cert", renamed.certificate, "--add-signing-cert", renewed.certificate)
    let batch = BatchDocument.payments("B-1", [100])
    try home.expect(
      ExpectedRejection("not-enough-signatures", status: 77), of: home.sealed(batch, by: [home.keys.maker, renewed]),
      corrected: batch, by: [renewed, home.keys.checker])
  }

  @Test("two signatures can't be required of one person with two certificates") func required() throws {
    let home = try TestHome()
    let renewed = try pair("/CN=maker", home)
    let result = try home.run([
      "partner", "update", TestHome.partner, "--signing-cert", home.keys.maker.certificate, "--signing-cert",
      renewed.certificate, "--require-signatures", "2",
    ])
    #expect(result.status == 78, "\(result)")
    #expect(result.stderr.contains("1 signer") && result.stderr.contains("one subject name"), "\(result)")
  }

  @Test("the beginning of a fingerprint names a certificate, in either spelling") func prefix() throws {
    let home = try TestHome()
    let digits = try fingerprint(home.keys.checker)
    try home.update("--remove-cert", digits.filter { $0 != ":" }.lowercased().prefix(16).description)
    let left = try home.report(["partner", "show", TestHome.partner]).json["signingCertificates"].elements
    #expect(left.map(\.["subject"].text) == ["CN=maker"])
  }

  @Test(
    "a fingerprint that names nothing, or is none, changes nothing", arguments: ["0123456789abcdef", "maker", "abcdef"])
  func unknown(word: String) throws {
    let home = try TestHome()
    let result = try home.report(["partner", "update", TestHome.partner, "--remove-cert", word])
    #expect(result.status == 64, "\(result)")
    #expect(try home.report(["partner", "show", TestHome.partner]).json["signingCertificates"].elements.count == 2)
  }

  @Test("the last certificate for a use stays", arguments: [["maker", "checker"], ["encryption"]])
  func last(names: [String]) throws {
    let home = try TestHome()
    let keys = ["maker": home.keys.maker, "checker": home.keys.checker, "encryption": home.keys.encryption]
    let options = try names.flatMap { ["--remove-cert", try fingerprint(#require(keys[$0]))] }
    #expect(try home.run(["partner", "update", TestHome.partner] + options).status == 78)
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
  }

  @Test("a certificate that is added twice is there once") func twice() throws {
    let home = try TestHome()
    try home.update("--add-signing-cert", home.keys.maker.certificate)
    #expect(try home.report(["partner", "show", TestHome.partner]).json["signingCertificates"].elements.count == 2)
  }

  @Test("an old certificate that has ended says so when it signs, beside a new one that is taken") func ended() throws {
    let home = try TestHome()
    try Command.tool("cp", [home.keys.expired.certificate, "\(home.path)/partners/old.crt"])
    try home.edit(home.partnerFile) {
      $0.replacing("signingCertificates:", with: "signingCertificates:\n- old.crt")
    }
    let batch = BatchDocument.payments("B-1", [100])
    try home.expect(
      ExpectedRejection("signer-expired", status: 77), of: home.sealed(batch, by: [home.keys.expired]),
      corrected: batch)
  }
}
