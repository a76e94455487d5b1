import Cryptography
import Envelope
import Foundation
import TestKit

/// Seals the way a partner does, with the `openssl` program, step by step so that a test can bend any step.
struct Sealing {
  let directory: TemporaryDirectory
  var signers: [TestKey]
  var recipients: [TestKey]
  /// Options of `openssl cms -sign`; `-nodetach -outform DER` and the signer are added.
  var signOptions = ["-binary", "-md", "sha256"]
  /// Options of `openssl cms -encrypt` before the recipients.
  var encryptOptions = ["-binary", "-stream", "-aes-256-gcm"]
  /// Options for each recipient, such as the padding.
  var recipientOptions: [String] = []

  init(signers: [TestKey]? = nil, recipients: [TestKey]? = nil) throws {
    directory = try TemporaryDirectory()
    self.signers = try signers ?? [TestKey.maker.get()]
    self.recipients = try recipients ?? [TestKey.p256.get()]
  }

  static let document = Array(#"{"batchID":"B-1","creditInstructions":[{"instructionID":"I-1","amount":"1"}]}"#.utf8)

  /// gzip of the bytes, by the `gzip` program.
  func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = try directory.write(bytes, as: "plain")
    return Array(try TestKit.Command.tool("gzip", ["-c", path]))
  }

  /// The signed layer in DER or BER; signers after the first are added with `-resign`.
  func sign(_ content: [UInt8]) throws -> [UInt8] {
    let path = try directory.write(content, as: "content")
    for (index, signer) in signers.enumerated() {
      let key = ["-signer", signer.certificatePath, "-inkey", signer.keyPath]
      let output = ["-out", directory.file("signed")]
      if index == 0 {
        try Command.openssl(["cms", "-sign", "-in", path, "-nodetach", "-outform", "DER"] + key + signOptions + output)
      } else {
        _ = try directory.write(directory.read("signed"), as: "before")
        try Command.openssl(
          ["cms", "-resign", "-in", directory.file("before"), "-inform", "DER", "-outform", "DER"] + key + signOptions
            + output)
      }
    }
    return try directory.read("signed")
  }

  /// The outer layer around any bytes.
  func encrypt(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = try directory.write(bytes, as: "clear")
    var arguments = ["cms", "-encrypt", "-in", path, "-out", directory.file("sealed")] + encryptOptions
    if !encryptOptions.contains("-outform") { arguments += ["-outform", "DER"] }
    for recipient in recipients { arguments += ["-recip", recipient.certificatePath] + recipientOptions }
    try Command.openssl(arguments)
    return try directory.read("sealed")
  }

  /// A whole sealed file around the content.
  func seal(_ content: [UInt8] = document) throws -> [UInt8] { try encrypt(sign(content)) }

  /// Opens sealed bytes with the keys of `recipients`, or others.
  func open(
    _ sealed: [UInt8], with keys: [TestKey]? = nil, knownSigners: [TestKey] = [], limits: EnvelopeLimits = .init()
  ) throws -> SealedFile {
    let path = try directory.write(sealed, as: "opened-\(UUID().uuidString)")
    return try SealedFile(
      path: path, openedWith: KeyRing((keys ?? recipients).map(\.pair)), knownSigners: knownSigners.map(\.certificate),
      limits: limits)
  }

  /// The code of the refusal; "opened" when there is none.
  func code(_ sealed: [UInt8], limits: EnvelopeLimits = .init()) throws -> String {
    do {
      _ = try open(sealed, limits: limits).document()
      return "opened"
    } catch let error as EnvelopeError {
      return error.code
    }
  }

  /// The refusal; records nothing when it opens, but throws.
  func refusal(_ sealed: [UInt8]) throws -> EnvelopeError {
    do {
      _ = try open(sealed).document()
    } catch let error as EnvelopeError {
      return error
    }
    throw TestKit.Command.Failure(description: "the file was opened")
  }
}

extension SealedFile {
  /// The whole document.
  func document() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try readDocument { bytes += $0 }
    return bytes
  }
}
