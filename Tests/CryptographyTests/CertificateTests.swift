import Cryptography
import Testing

@Suite("certificates and keys")
struct CertificateTests {
  private static let start: Int64 = 1_790_000_000

  private func certificate(
    _ algorithm: GeneratedKeyAlgorithm = .ecP256, purpose: KeyPurpose = .signing
  ) throws -> (Certificate, PrivateKey) {
    let key = try PrivateKey.generate(algorithm)
    let certificate = try Certificate.selfSigned(
      for: key, commonName: "Maker, Ünal", organization: "Treasury", purpose: purpose, notBefore: Self.start, days: 2)
    return (certificate, key)
  }

  @Test("a self-signed certificate says what it was made with")
  func facts() throws {
    let (certificate, _) = try certificate()
    #expect(certificate.commonName == "Maker, Ünal")
    #expect(certificate.subject == #"CN=Maker\, Ünal,O=Treasury"#)
    #expect(certificate.notBefore == Self.start)
    #expect(certificate.notAfter == Self.start + 2 * 86_400)
    #expect(certificate.keyDescription == "EC P-256")
  }

  @Test("a certificate is valid in its first and last second, not outside")
  func validity() throws {
    let (certificate, _) = try certificate()
    #expect(certificate.isValid(at: certificate.notBefore) && certificate.isValid(at: certificate.notAfter))
    #expect(!certificate.isValid(at: certificate.notBefore - 1) && !certificate.isValid(at: certificate.notAfter + 1))
  }

  @Test(
    "each kind of key is named, matches its own certificate and no other",
    arguments: zip(GeneratedKeyAlgorithm.allCases, ["EC P-256", "EC P-384", "RSA 3072", "RSA 4096"]))
  func keys(algorithm: GeneratedKeyAlgorithm, name: String) throws {
    let (certificate, key) = try certificate(algorithm)
    #expect(certificate.keyDescription == name)
    #expect(key.algorithm == certificate.keyAlgorithm)
    #expect(key.matches(certificate))
    #expect(try !PrivateKey.generate(.ecP256).matches(certificate))
  }

  @Test("PEM and DER bring back the same certificate, and openssl reads the same fingerprint")
  func encodings() throws {
    let (certificate, _) = try certificate()
    #expect(try Certificate(pem: certificate.pem) == certificate)
    #expect(try Certificate(der: certificate.der) == certificate)
    let answer = try OpenSSLCommand.run(["x509", "-noout", "-fingerprint", "-sha256"], input: certificate.pem)
    #expect(answer.lowercased().filter(\.isHexDigit).hasSuffix(certificate.fingerprint))
    #expect(try OpenSSLCommand.run(["x509"], input: certificate.pem) == certificate.pem)
  }

  @Test(
    "the extensions say what the key is for",
    arguments: [
      (GeneratedKeyAlgorithm.ecP256, KeyPurpose.signing, "Digital Signature, Non Repudiation"),
      (.ecP384, .encryption, "Key Agreement"), (.rsa3072, .encryption, "Key Encipherment"),
    ])
  func extensions(algorithm: GeneratedKeyAlgorithm, purpose: KeyPurpose, usage: String) throws {
    let (certificate, _) = try certificate(algorithm, purpose: purpose)
    let text = try OpenSSLCommand.run(["x509", "-noout", "-text"], input: certificate.pem)
    #expect(text.contains(usage))
    #expect(text.contains("CA:FALSE"))
    #expect(text.contains("X509v3 Subject Key Identifier") && text.contains("X509v3 Authority Key Identifier"))
  }

  @Test("certificates over one key agree in its digest, also where one spells the key in another way")
  func publicKeyDigest() throws {
    let (first, key) = try certificate()
    let second = try Certificate.selfSigned(
      for: key, commonName: "Checker", organization: nil, purpose: .signing, notBefore: Self.start, days: 2)
    #expect(first.publicKeyDigest == second.publicKeyDigest)
    #expect(try first.publicKeyDigest != certificate().0.publicKeyDigest)
    let pem = try key.withPEM { String(decoding: $0, as: UTF8.self) }
    for options in [["-conv_form", "compressed"], ["-param_enc", "explicit"]] {
      let spelt = try OpenSSLCommand.run(["ec"] + options, input: pem)
      let text = try OpenSSLCommand.run(
        ["req", "-x509", "-key", "/dev/stdin", "-subj", "/CN=spelt", "-days", "2"], input: spelt)
      let third = try Certificate(pem: text)
      #expect(third.publicKeyDigest == first.publicKeyDigest, "\(options)")
    }
  }

  @Test("every certificate of a bundle is read, with the text between them passed over")
  func bundle() throws {
    let certificates = try [certificate().0, certificate().0, certificate().0]
    let text = "subject=one\n" + certificates.map(\.pem).joined(separator: "\nnotes\n")
    #expect(try Certificate.all(inPEM: text) == certificates)
  }

  @Test("a bundle with a broken certificate is refused whole, and so is one without any")
  func brokenBundle() throws {
    let (certificate, _) = try certificate()
    let broken = certificate.pem.replacing("MII", with: "AAA", maxReplacements: 1)
    #expect(throws: CryptoError.self) { try Certificate.all(inPEM: certificate.pem + broken) }
    #expect(throws: CryptoError.self) { try Certificate.all(inPEM: "") }
  }

  @Test("bytes after a DER certificate are refused")
  func trailingBytes() throws {
    let (certificate, _) = try certificate()
    #expect(throws: CryptoError.malformedCertificate(reasons: ["bytes after the certificate"])) {
      try Certificate(der: certificate.der + [0])
    }
  }

  @Test("a private key comes back from its PEM, and openssl finds it sound")
  func privateKeyPEM() throws {
    let (certificate, key) = try certificate()
    let pem = try key.pem()
    #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----"))
    #expect(try PrivateKey(pem: pem).matches(certificate))
    #expect(try OpenSSLCommand.run(["pkey", "-check", "-noout"], input: pem).contains("Key is valid"))
  }

  @Test("a key under a passphrase is refused with that reason, and nobody is asked for it")
  func passphrase() throws {
    let pem = try OpenSSLCommand.run(
      ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes-256-cbc", "-pass", "pass:secret"])
    #expect(throws: CryptoError.passphraseProtected) { try PrivateKey(pem: pem) }
  }

  @Test("a text without a key is refused as such")
  func noKey() throws {
    let (certificate, _) = try certificate()
    #expect {
      try PrivateKey(pem: certificate.pem)
    } throws: { error in
      guard case .malformedPEM(expected: "private key", _) = error as? CryptoError else { return false }
      return true
    }
  }

  @Test("a private key prints, debug-prints and dumps only its kind")
  func masked() throws {
    let (_, key) = try certificate()
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(text.contains("PrivateKey(EC P-256, masked)") && text.count < 60)
    }
  }

  @Test("Ed25519 keys are read and named")
  func ed25519() throws {
    let key = try PrivateKey(pem: OpenSSLCommand.run(["genpkey", "-algorithm", "ED25519"]))
    #expect(key.algorithm == .ed25519)
    let certificate = try Certificate.selfSigned(
      for: key, commonName: "maker", purpose: .signing, notBefore: Self.start, days: 1)
    #expect(certificate.keyDescription == "Ed25519")
  }

  @Test("an error carries the whole of libcrypto's queue and leaves it empty")
  func errorQueue() throws {
    guard
      case .malformedPEM(_, let reasons) = #expect(throws: CryptoError.self, performing: { try Certificate(pem: "x") })
    else {
      Issue.record("another error")
      return
    }
    #expect(reasons.count == 1 && reasons[0].contains("no start line"))
    #expect(CryptoError.draining("look").description == "libcrypto could not look")
  }

  @Test("the version of libcrypto is told as text, number and triple")
  func version() {
    let (major, minor, patch) = LibCrypto.versionTriple
    #expect(LibCrypto.version == "\(major).\(minor).\(patch)")
    #expect(LibCrypto.versionNumber >> 28 == UInt64(major))
    #expect(major >= 3)
  }
}
