public import Batch
public import Cryptography
public import Envelope

/// One side of the border: keys to sign and to be written to, as a partner has them, and a processor too.
public struct Correspondent: Sendable {
  /// Signs what it sends.
  public let signing: KeyPair
  /// Opens what it gets.
  public let encryption: KeyPair

  /// New keys, valid around `now`.
  public init(_ name: String, at now: Timestamp = SystemClock().now()) throws {
    signing = try Self.pair(name, .signing, now)
    encryption = try Self.pair(name, .encryption, now)
  }

  private static func pair(_ name: String, _ purpose: KeyPurpose, _ now: Timestamp) throws -> KeyPair {
    let key = try PrivateKey.generate(.ecP256)
    return try KeyPair(
      certificate: .selfSigned(
        for: key, commonName: "\(name) \(purpose.rawValue)", purpose: purpose,
        notBefore: now.millisecondsSinceEpoch / 1_000 - 86_400, days: 30),
      privateKey: key)
  }

  /// Seals `document` to `recipient` in a new file.
  public func seal(_ document: String, to recipient: Certificate, at path: String) throws {
    let writer = try SealedFileWriter(path: path, signers: [signing], recipients: [recipient])
    try writer.write(Array(document.utf8))
    _ = try writer.finish()
  }

  /// Opens a sealed result.
  public func open(_ path: String) throws -> OpenedResult {
    let sealed = try SealedFile(path: path, openedWith: KeyRing([encryption]))
    var reader = ResultReader()
    var lines: [Outcome] = []
    _ = try sealed.readDocument { bytes in try reader.consume(bytes) { lines.append($0) } }
    return OpenedResult(document: try reader.finish(), lines: lines, signers: sealed.signers)
  }
}

/// What a partner finds in a sealed result.
public struct OpenedResult: Sendable {
  /// The members besides the lines.
  public let document: ResultDocument
  /// The lines, in the batch's order.
  public let lines: [Outcome]
  /// Who signed it.
  public let signers: [Certificate]
}
