import Cryptography
import Envelope
import Foundation
import TestKit
import Testing

@Suite("sealing")
struct WriterTests {
  /// Writes a document in uneven pieces.
  private func seal(
    _ document: [UInt8], signers: [TestKey], recipients: [TestKey], level: Int? = 1, in directory: TemporaryDirectory
  ) throws -> SHA256Digest {
    let writer = try SealedFileWriter(
      path: directory.file("sealed"), signers: signers.map(\.pair), recipients: recipients.map(\.certificate),
      compressionLevel: level)
    var rest = document[...]
    for size in [0, 1, 7, 100_000].lazy.map({ $0 }) + [Int.max] {
      try writer.write(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return try writer.finish()
  }

  static let document = Array(#"{"results":["#.utf8) + (0..<200_000).map { UInt8($0 % 251) } + Array("]}".utf8)
  static let keys = [TestKey.rsa2048, TestKey.rsa3072, TestKey.p256, TestKey.p384]

  @Test("openssl decrypts and verifies what was sealed for each kind of key", arguments: keys, [nil, 1, 6])
  func opensslOpens(key: Result<TestKey, any Error>, level: Int?) throws {
    let directory = try TemporaryDirectory()
    let (recipient, signer) = try (key.get(), key.get())
    _ = try seal(Self.document, signers: [signer], recipients: [recipient], level: level, in: directory)
    try Command.openssl(
      "cms", "-decrypt", "-binary", "-inform", "DER", "-in", directory.file("sealed"), "-out", directory.file("signed"),
      "-recip", recipient.certificatePath, "-inkey", recipient.keyPath)
    try Command.openssl(
      "cms", "-verify", "-binary", "-inform", "DER", "-in", directory.file("signed"), "-out", directory.file("content"),
      "-CAfile", signer.certificatePath)
    if level == nil {
      #expect(try directory.read("content") == Self.document)
    } else {
      #expect(try Array(TestKit.Command.tool("gzip", ["-dc", directory.file("content")])) == Self.document)
    }
  }

  @Test("the certificates that this program makes are accepted by openssl as signer and recipient")
  func ownCertificates() throws {
    let directory = try TemporaryDirectory()
    var paths: [KeyPurpose: String] = [:]
    var pairs: [KeyPurpose: KeyPair] = [:]
    for purpose in KeyPurpose.allCases {
      let key = try PrivateKey.generate(.ecP256)
      let certificate = try Certificate.selfSigned(
        for: key, commonName: "treasury", purpose: purpose, notBefore: Int64(Date().timeIntervalSince1970) - 60, days: 2
      )
      paths[purpose] = try directory.write(Array(certificate.pem.utf8), as: purpose.rawValue + ".crt")
      _ = try directory.write(Array(key.pem().utf8), as: purpose.rawValue + ".key")
      pairs[purpose] = try KeyPair(certificate: certificate, privateKey: key)
    }
    let (signer, recipient) = (try #require(pairs[.signing]), try #require(pairs[.encryption]))
    let writer = try SealedFileWriter(
      path: directory.file("sealed"), signers: [signer], recipients: [recipient.certificate], compressionLevel: nil)
    try writer.write(Sealing.document)
    _ = try writer.finish()
    try Command.openssl(
      "cms", "-decrypt", "-binary", "-inform", "DER", "-in", directory.file("sealed"), "-out", directory.file("signed"),
      "-recip", directory.file("encryption.crt"), "-inkey", directory.file("encryption.key"))
    // One file with both certificates, the one to encrypt to first, serves as -recip and as -CAfile.
    _ = try directory.write(Array((recipient.certificate.pem + signer.certificate.pem).utf8), as: "both.crt")
    try Command.openssl(
      "cms", "-verify", "-binary", "-inform", "DER", "-in", directory.file("signed"), "-out", directory.file("content"),
      "-CAfile", directory.file("both.crt"))
    #expect(try directory.read("content") == Sealing.document)
    _ = try directory.write(Sealing.document, as: "back")
    try Command.openssl(
      "cms", "-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER", "-in", directory.file("signed"), "-out",
      directory.file("again"), "-recip", directory.file("both.crt"))
    let opened = try SealedFile(path: directory.file("again"), openedWith: KeyRing([recipient]))
    #expect(opened.signers == [signer.certificate])
  }

  @Test("what was sealed opens for each of several recipients, with all its signers")
  func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let recipients = try Self.keys.map { try $0.get() }
    let signers = try [TestKey.maker.get(), TestKey.checker.get()]
    let digest = try seal(Self.document, signers: signers, recipients: recipients, in: directory)
    #expect(try digest == SHA256.digest(directory.read("sealed")))
    for recipient in recipients {
      let opened = try SealedFile(path: directory.file("sealed"), openedWith: KeyRing([recipient.pair]))
      #expect(Set(opened.signers) == Set(signers.map(\.certificate)))
      #expect(opened.contentCipher == "AES-256-GCM")
      #expect(try opened.document() == Self.document)
    }
  }

  @Test("an empty document can be sealed when it is packed, not as it is")
  func empty() throws {
    let directory = try TemporaryDirectory()
    let key = try TestKey.p256.get()
    let error = #expect(throws: EnvelopeError.self) {
      try seal([], signers: [key], recipients: [key], level: nil, in: directory)
    }
    #expect(error?.message == "an empty document can't be sealed")
    _ = try seal([], signers: [key], recipients: [key], in: directory)
    let opened = try SealedFile(path: directory.file("sealed"), openedWith: KeyRing([key.pair]))
    #expect(try opened.document().isEmpty)
  }

  @Test("the layers are as the format says: GCM, OAEP for RSA, a KDF with SHA-256 for EC")
  func layers() throws {
    let directory = try TemporaryDirectory()
    let recipients = try [TestKey.rsa2048.get(), TestKey.p256.get()]
    _ = try seal(Self.document, signers: [recipients[0]], recipients: recipients, in: directory)
    let text = String(
      decoding: try Command.openssl(
        "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", directory.file("sealed")), as: UTF8.self)
    #expect(text.contains("algorithm: aes-256-gcm") && text.contains("authEnvelopedData"))
    #expect(text.contains("algorithm: rsaesOaep") && text.contains("dhSinglePass-stdDH-sha256kdf-scheme"))
  }

  @Test("the file is for its owner only, and one that is there already is not touched")
  func fileMode() throws {
    let directory = try TemporaryDirectory()
    let key = try TestKey.p256.get()
    _ = try seal(Self.document, signers: [key], recipients: [key], in: directory)
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("sealed"))
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let before = try directory.read("sealed")
    let error = #expect(throws: EnvelopeError.self) {
      try SealedFileWriter(path: directory.file("sealed"), signers: [key.pair], recipients: [key.certificate])
    }
    #expect(error?.code == "io-error")
    #expect(try directory.read("sealed") == before)
  }

  @Test("a writer that was not finished leaves no file")
  func abandoned() throws {
    let directory = try TemporaryDirectory()
    let key = try TestKey.p256.get()
    do {
      let writer = try SealedFileWriter(
        path: directory.file("sealed"), signers: [key.pair], recipients: [key.certificate])
      try writer.write(Self.document)
      #expect(FileManager.default.fileExists(atPath: directory.file("sealed")))
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("sealed")))
  }

  @Test("a symbolic link in the way is not followed")
  func symbolicLink() throws {
    let key = try TestKey.p256.get()
    let directory = try TemporaryDirectory()
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: directory.file("elsewhere"))
    #expect(throws: EnvelopeError.self) {
      try SealedFileWriter(path: directory.file("link"), signers: [key.pair], recipients: [key.certificate])
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("elsewhere")))
  }

  @Test("when the disk takes no more, the error says so, finish gives no digest and no file is left")
  func fullDisk() async {
    // A limit on the size of files is the process's: it is set in one of its own.
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let directory = try TemporaryDirectory()
      let key = try TestKey.p256.get()
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
      var codes: [String] = []
      do {
        let writer = try SealedFileWriter(
          path: directory.file("sealed"), signers: [key.pair], recipients: [key.certificate], compressionLevel: nil)
        for _ in 0..<64 {
          do throws(EnvelopeError) { try writer.write(WriterTests.document) } catch { codes.append(error.code) }
        }
        do throws(EnvelopeError) { _ = try writer.finish() } catch { codes.append(error.code) }
      }
      let wasRemoved = !FileManager.default.fileExists(atPath: directory.file("sealed"))
      try FileManager.default.removeItem(atPath: directory.path)
      exit(wasRemoved && codes.count > 50 && Set(codes) == ["io-error"] ? 0 : 3)
    }
  }

  @Test("keys that can't do it are refused before anything is written")
  func unusableKeys() throws {
    let directory = try TemporaryDirectory()
    let (good, weak, edwards) = try (TestKey.p256.get(), TestKey.rsa1024.get(), TestKey.ed25519.get())
    for (signers, recipients) in [
      ([], [good]), ([good], []), ([good], [weak]), ([good], [edwards]), ([weak], [good]), ([edwards], [good]),
    ] {
      let error = #expect(throws: EnvelopeError.self) {
        try SealedFileWriter(
          path: directory.file("sealed"), signers: signers.map(\.pair), recipients: recipients.map(\.certificate))
      }
      #expect(error?.code == "configuration")
      #expect(!FileManager.default.fileExists(atPath: directory.file("sealed")))
    }
  }
}
