import Cryptography
import Envelope
import Foundation

/// Key pairs made once by the `openssl` program, as files and as values.
struct TestKey: Sendable {
  let pair: KeyPair
  let certificatePath: String
  let keyPath: String
  var certificate: Certificate { pair.certificate }

  static let rsa2048 = make("rsa2048", ["-newkey", "rsa:2048"])
  static let rsa3072 = make("rsa3072", ["-newkey", "rsa:3072"])
  static let rsa1024 = make("rsa1024", ["-newkey", "rsa:1024"])
  static let p256 = make("p256", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
  static let p384 = make("p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"])
  static let ed25519 = make("ed25519", ["-newkey", "ed25519"])
  static let maker = make("maker", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
  static let checker = make("checker", ["-newkey", "rsa:2048"])
  static let stranger = make("stranger", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])

  private static let directory: Result<TemporaryDirectory, any Error> = Result {
    let directory = try TemporaryDirectory()
    // Shared by all tests, so no test's end is its end.
    atexit { try? FileManager.default.removeItem(atPath: TestKey.directory.get().path) }
    return directory
  }

  private static func make(_ name: String, _ algorithm: [String]) -> Result<TestKey, any Error> {
    Result {
      let directory = try directory.get()
      let (certificate, key) = (directory.file(name + ".crt"), directory.file(name + ".key"))
      try Command.openssl(
        ["req", "-x509", "-nodes", "-keyout", key, "-out", certificate, "-days", "30", "-subj", "/CN=\(name)"]
          + algorithm)
      return TestKey(
        pair: try KeyPair(
          certificate: Certificate(pem: String(contentsOfFile: certificate, encoding: .utf8)),
          privateKey: PrivateKey(pem: String(contentsOfFile: key, encoding: .utf8))),
        certificatePath: certificate, keyPath: key)
    }
  }
}
