import Foundation
import TestKit
import Testing

@Suite("Files of a home that were edited by hand") struct EditedFileTests {
  @Test(
    "a rule that is misspelt, has no value or can't be stops the work, and is named",
    arguments: [
      ("requiredSignatures: 2", "requiredSignatures"), ("maxInstructions: {RWF: '50'}", "maxInstructions"),
      ("maxInstruction:", "maxInstruction"), ("requireControl: ~", "requireControl"),
    ])
  func partner(line: String, name: String) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    try home.edit(home.partnerFile) { $0 + line + "\n" }
    let report = try home.process(file)
    #expect(report.status == 78, "\(report)")
    #expect(report.stderr.contains(name) && report.stderr.contains(home.partnerFile), "\(report)")
    try home.edit(home.partnerFile) { $0.replacing(line + "\n", with: "") }
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file).status == 0)
  }

  @Test("more or fewer signatures than can be are not required by hand either", arguments: [0, -1, 3])
  func signatures(count: Int) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    try home.edit(home.partnerFile) {
      $0.replacing("requireSignatures: 1", with: "requireSignatures: \(count)")
    }
    let report = try home.process(file)
    #expect(report.status == 78, "\(report)")
    #expect(report.stderr.contains("\(count)"), "\(report)")
    try home.edit(home.partnerFile) {
      $0.replacing("requireSignatures: \(count)", with: "requireSignatures: 1")
    }
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("a certificate that a result can't be encrypted to is found before anybody is paid") func certificate() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    try Command.openssl([
      "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=weak", "-newkey", "ed25519", "-keyout",
      home.directory.file("weak.key"), "-out", "\(home.path)/partners/weak.crt",
    ])
    try home.edit(home.partnerFile) {
      $0.replacing("encryptionCertificates:", with: "encryptionCertificates:\n- weak.crt")
    }
    let report = try home.process(file)
    #expect(report.status == 78, "\(report)")
    #expect(report.stderr.contains("Ed25519"), "\(report)")
    try home.edit(home.partnerFile) { $0.replacing("\n- weak.crt", with: "") }
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("one signer of two partners is found although neither file is wrong by itself") func sharedSigner() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let text = try String(contentsOfFile: home.partnerFile, encoding: .utf8)
    try Data(text.replacing("name: \(TestHome.partner)", with: "name: another").utf8)
      .write(to: URL(filePath: "\(home.path)/partners/another.yaml"))
    #expect(try home.process(file).status == 78)
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("a partner whose file can't be used can be taken off") func removeUnusable() throws {
    let home = try TestHome()
    try home.edit(home.partnerFile) { $0 + "odd: 1\n" }
    #expect(try home.run(["partner", "list"]).status == 78)
    #expect(try home.run(["partner", "remove", TestHome.partner]).status == 0)
    #expect(try home.run(["partner", "list"]).status == 0)
  }

  @Test(
    "a key of the configuration that means nothing stops the work, and is named",
    arguments: [("ledger:\n  openOnCredits: false", "ledger.openOnCredits"), ("lane: 4", "lane")])
  func configuration(text: String, name: String) throws {
    let home = try TestHome()
    let path = "\(home.path)/disburse.yaml"
    try home.edit(path) { $0 + "\n" + text + "\n" }
    let result = try home.run(["partner", "list"])
    #expect(result.status == 78, "\(result)")
    #expect(result.stderr.contains("\(name) is no key"), "\(result)")
    try home.edit(path) { $0.replacing(text, with: "ledger:\n  openOnCredit: false\ndispatch:\n") }
    #expect(try home.run(["partner", "list"]).status == 0)
  }
}
