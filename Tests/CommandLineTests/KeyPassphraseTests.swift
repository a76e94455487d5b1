import Foundation
import TestKit
import Testing

@Suite("Private keys under a passphrase") struct KeyPassphraseTests {
  private static let words = "correct horse battery"

  private func passphrase(_ text: String, _ home: TestHome) throws -> String {
    let path = try home.directory.write("\(text)\n".utf8, as: "passphrase-\(UUID().uuidString)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }

  private func key(_ home: TestHome, _ name: String) -> String { "\(home.path)/keys/\(name).key" }

  private func isProtected(_ home: TestHome, _ name: String) throws -> Bool {
    try String(contentsOfFile: key(home, name), encoding: .utf8).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----")
  }

  /// A home whose keys are under the passphrase in a file, which its configuration names.
  private func protectedHome() throws -> (home: TestHome, file: String) {
    let home = try TestHome()
    let file = try passphrase(Self.words, home)
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\nkeys:\n  passphraseFile: \(file)\n" }
    try home.expectSuccess(["key", "protect"])
    return (home, file)
  }

  @Test("init writes them so, names the file in the configuration, and the home works") func initialised() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("it's a secret\n".utf8, as: "pass 'phrase'")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    let path = directory.file("home")
    let made = try Program.run(["init", path, "--passphrase-file", file])
    #expect(made.status == 0, "\(made)")
    for name in ["encryption-1", "signing-1"] {
      let opened = try Command.openssl(["pkey", "-in", "\(path)/keys/\(name).key", "-passin", "file:\(file)"])
      #expect(String(decoding: opened, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----"))
      #expect(throws: (any Error).self) {
        try Command.openssl(["pkey", "-in", "\(path)/keys/\(name).key", "-passin", "pass:other"])
      }
    }
    #expect(try Program.run(["key", "rotate", "--home", path]).status == 0)
    #expect(try Command.openssl(["pkey", "-in", "\(path)/keys/signing-2.key", "-passin", "file:\(file)"]).count > 0)
  }

  @Test("key protect brings the keys that are there under it, and files are processed as before") func protected()
    throws
  {
    let (home, file) = try protectedHome()
    for name in ["encryption-1", "signing-1"] {
      #expect(try isProtected(home, name))
      let mode = try FileManager.default.attributesOfItem(atPath: key(home, name))[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    let again = try home.report(["key", "protect"])
    #expect(try again.json["protected"].elements.isEmpty)
    #expect(try Command.openssl(["pkey", "-in", key(home, "signing-1"), "-passin", "file:\(file)"]).count > 0)
  }

  @Test("a key that openssl wrote under it is opened") func writtenByOpenSSL() throws {
    let home = try TestHome()
    let file = try passphrase(Self.words, home)
    let encrypted = try Command.openssl([
      "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", key(home, "encryption-1"), "-passout", "file:\(file)",
    ])
    try Data(encrypted).write(to: URL(filePath: key(home, "encryption-1")))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key(home, "encryption-1"))
    let batch = try home.sealed(.payments("B-1", [100]))
    #expect(try home.process(batch, environment: ["DISBURSE_KEYS_PASSPHRASE_FILE": file]).status == 0)
  }

  @Test("another passphrase, none, and a file without one are told with the remedy, and no passphrase is")
  func wrong() throws {
    let (home, _) = try protectedHome()
    let batch = try home.sealed(.payments("B-1", [100]))
    let missing = home.directory.file("none")
    for (file, words) in [
      (try passphrase("staple", home), "is not under the passphrase in"), (missing, "can't be read"),
      ("", "none to open"),
      (try passphrase("", home), "1 to 1023 bytes"),
    ] {
      let report = try home.process(batch, environment: ["DISBURSE_KEYS_PASSPHRASE_FILE": file])
      #expect(report.status == 78, "\(report)")
      #expect(try report.json["error"]["code"].text == "passphrase")
      #expect(report.stderr.contains(words) && report.stderr.contains("hint:"), "\(report)")
      #expect(!"\(report)".contains("staple") && !"\(report)".contains(Self.words))
    }
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(batch).status == 0)
  }

  @Test("a passphrase that others may read is refused") func exposed() throws {
    let (home, file) = try protectedHome()
    let batch = try home.sealed(.payments("B-1", [100]))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    let report = try home.process(batch)
    #expect(report.status == 78)
    #expect(try report.json["error"]["code"].text == "exposed")
    let made = try Program.run(["init", home.directory.file("other"), "--passphrase-file", file])
    #expect(made.status == 78)
    #expect(!FileManager.default.fileExists(atPath: home.directory.file("other")))
  }

  @Test("the service's credential stands over the file, and its group bits are its access list's") func credential()
    throws
  {
    let (home, _) = try protectedHome()
    let credentials = try TemporaryDirectory()
    let path = try credentials.write("\(Self.words)\n".utf8, as: "key-passphrase")
    try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: path)
    let environment = [
      "CREDENTIALS_DIRECTORY": credentials.path, "DISBURSE_KEYS_PASSPHRASE_FILE": home.directory.file("none"),
    ]
    let batch = try home.sealed(.payments("B-1", [100]))
    #expect(try home.process(batch, environment: environment).status == 0)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    #expect(try home.process(batch, environment: environment).status == 78)
  }

  @Test("the passphrase is changed with the old one at hand, also when half of the keys have the new one already")
  func changed() throws {
    let (home, old) = try protectedHome()
    let new = try passphrase("a new one", home)
    let environment = ["DISBURSE_KEYS_PASSPHRASE_FILE": new]
    let untold = try home.run(["key", "protect"], environment: environment)
    #expect(untold.status == 78)
    #expect(untold.stderr.contains("--old-passphrase-file"))
    // As a protect that was killed leaves it.
    let half = try Command.openssl([
      "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", key(home, "signing-1"), "-passin", "file:\(old)", "-passout",
      "file:\(new)",
    ])
    try Data(half).write(to: URL(filePath: key(home, "signing-1")))
    let report = try home.run(
      ["key", "protect", "--old-passphrase-file", old, "--format", "json"], environment: environment)
    #expect(report.status == 0, "\(report)")
    #expect(try report.json["protected"].elements.map(\.["subject"].text) == ["CN=treasury-disburse encryption 1"])
    let batch = try home.sealed(.payments("B-1", [100]))
    #expect(try home.process(batch, environment: environment).status == 0)
  }

  @Test("a home whose keys are under a passphrase gets none in clear, nor under another") func newKeys() throws {
    let (home, _) = try protectedHome()
    for file in ["", try passphrase("another", home)] {
      for command in ["generate", "rotate"] {
        let result = try home.report(["key", command], environment: ["DISBURSE_KEYS_PASSPHRASE_FILE": file])
        #expect(result.status == 78, "\(result)")
        #expect(try result.json["error"]["code"].text == "passphrase")
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/keys")
    #expect(!names.contains { $0.contains("-2.") || $0.hasSuffix(".ends") }, "\(names)")
    try home.expectSuccess(["key", "rotate"])
    #expect(try isProtected(home, "signing-2"))
  }

  @Test("without a passphrase there is nothing to protect with") func none() throws {
    let home = try TestHome()
    let result = try home.report(["key", "protect"])
    #expect(result.status == 64)
    #expect(try !isProtected(home, "signing-1"))
  }
}
