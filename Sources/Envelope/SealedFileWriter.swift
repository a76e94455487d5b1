public import Cryptography

/// Writes a sealed file as its document comes: gzip, signed, encrypted with AES-256-GCM, streamed BER. Memory does not
/// grow with the document. The file appears under its name at once and is removed unless `finish` returned: write
/// beside its place and rename it afterwards.
public final class SealedFileWriter {
  private let output: SealedOutput
  private let chain: SealingChain
  private let deflater: Deflater?
  private var isFinished = false

  /// Starts a file, which must not exist yet.
  /// - Parameters:
  ///   - path: where to write; created with mode 0600.
  ///   - signers: who signs, at least one.
  ///   - recipients: to whom it is encrypted, at least one: RSA of 2048 bits or more, EC P-256 or P-384.
  ///   - compressionLevel: of gzip, 1 to 9; `nil` for a plain document.
  public init(
    path: String, signers: [KeyPair], recipients: [Certificate], compressionLevel: Int? = 1
  ) throws(EnvelopeError) {
    guard !signers.isEmpty, !recipients.isEmpty else {
      throw .unusable("a sealed file needs at least one signer and one recipient")
    }
    do {
      output = try SealedOutput(path: path)
      chain = try SealingChain(signers: signers, recipients: recipients, output: output)
      deflater = try compressionLevel.map { try Deflater(level: $0) }
    } catch {
      throw EnvelopeError(wrapping: error)
    }
  }

  /// Takes more of the document. After an error nothing more may be written.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
    precondition(!isFinished, "a finished sealed file was written to")
    try reporting {
      if let deflater { return try deflater.update(bytes) { try chain.write($0) } }
      try chain.write(bytes)
    }
  }

  /// Takes more of the document.
  public func write(_ bytes: [UInt8]) throws(EnvelopeError) {
    let result: Result<Void, EnvelopeError> = bytes.withUnsafeBytes { buffer in
      Result { () throws(EnvelopeError) in try write(buffer) }
    }
    try result.get()
  }

  /// Signs, ends both layers and makes the file durable; the caller renames it and makes the directory durable.
  /// - Returns: SHA-256 of the sealed file.
  public func finish() throws(EnvelopeError) -> SHA256Digest {
    precondition(!isFinished, "a sealed file was finished twice")
    isFinished = true
    return try reporting {
      try deflater?.finish { try chain.write($0) }
      guard chain.hasContent else { throw EnvelopeError.unusable("an empty document can't be sealed") }
      try chain.finish()
      return try output.finish()
    }
  }

  private func reporting<Value>(_ body: () throws -> Value) throws(EnvelopeError) -> Value {
    do {
      let value = try body()
      if let failure = output.failure { throw failure }
      return value
    } catch {
      // What the output met is why libcrypto failed.
      throw output.failure ?? EnvelopeError(wrapping: error)
    }
  }
}
