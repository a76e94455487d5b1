import Cryptography
import TestKit
import Testing

@Suite("private keys under a passphrase")
struct PassphraseTests {
  private let passphrase = SymmetricKey(Array("correct horse ü".utf8))
  private let directory: TemporaryDirectory
  private let passphraseFile: String

  init() throws {
    directory = try TemporaryDirectory()
    passphraseFile = try directory.write("correct horse ü\n".utf8, as: "passphrase")
  }

  private func pem(_ key: PrivateKey, _ passphrase: SymmetricKey?) throws -> String {
    try key.withPEM(passphrase: passphrase) { String(decoding: $0, as: UTF8.self) }
  }

  @Test("openssl opens what was written under it, and finds the same key", arguments: GeneratedKeyAlgorithm.allCases)
  func written(algorithm: GeneratedKeyAlgorithm) throws {
    let key = try PrivateKey.generate(algorithm)
    let encrypted = try pem(key, passphrase)
    #expect(encrypted.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
    let opened = try OpenSSLCommand.run(["pkey", "-passin", "file:\(passphraseFile)"], input: encrypted)
    #expect(try opened == pem(key, nil))
  }

  @Test("the file says PBKDF2 with HMAC-SHA256 of 600000 rounds, and AES-256-CBC")
  func parameters() throws {
    let structure = try OpenSSLCommand.run(["asn1parse", "-i"], input: pem(PrivateKey.generate(.ecP256), passphrase))
    for word in ["PBES2", "PBKDF2", "0927C0", "hmacWithSHA256", "aes-256-cbc"] {
      #expect(structure.contains(word), "\(word) is not in \(structure)")
    }
  }

  @Test(
    "what openssl wrote under it is opened",
    arguments: [
      ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes-256-cbc"],
      ["genpkey", "-algorithm", "ED25519", "-aes-128-cbc"],
    ])
  func read(arguments: [String]) throws {
    let encrypted = try OpenSSLCommand.run(arguments + ["-pass", "file:\(passphraseFile)"])
    let opened = try OpenSSLCommand.run(["pkey", "-passin", "file:\(passphraseFile)"], input: encrypted)
    let key = try PrivateKey(pem: Array(encrypted.utf8), passphrase: passphrase)
    #expect(try pem(key, nil) == opened)
  }

  @Test("what openssl wrote with scrypt is opened")
  func scrypt() throws {
    let plain = try directory.write(pem(PrivateKey.generate(.ecP256), nil).utf8, as: "plain")
    let encrypted = try Command.openssl([
      "pkcs8", "-topk8", "-scrypt", "-in", plain, "-passout", "file:\(passphraseFile)",
    ])
    let key = try PrivateKey(pem: encrypted, passphrase: passphrase)
    #expect(try Array(pem(key, nil).utf8) == TemporaryDirectory.bytes(of: plain))
  }

  @Test("another passphrase is told from none, and neither is in the error")
  func wrong() throws {
    let encrypted = try Array(pem(PrivateKey.generate(.ecP256), passphrase).utf8)
    let wrong = #expect(throws: CryptoError.wrongPassphrase) {
      try PrivateKey(pem: encrypted, passphrase: SymmetricKey(Array("battery staple".utf8)))
    }
    #expect(wrong?.description.contains("battery") == false)
    #expect(throws: CryptoError.passphraseProtected) { try PrivateKey(pem: encrypted) }
  }

  @Test("a key in clear is opened whatever the passphrase, and what is no key is no matter of one")
  func clear() throws {
    let key = try PrivateKey.generate(.ecP256)
    #expect(try pem(PrivateKey(pem: Array(pem(key, nil).utf8), passphrase: passphrase), nil) == pem(key, nil))
    let error = #expect(throws: CryptoError.self) { try PrivateKey(pem: Array("x".utf8), passphrase: passphrase) }
    guard case .malformedPEM = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
