public import Cryptography

/// What `readDocument` has read.
public struct DocumentDigest: Hashable, Sendable {
  /// SHA-256 of the unpacked document.
  public let sha256: SHA256Digest
  /// The unpacked document's length.
  public let byteCount: Int
}

extension SealedFile {
  /// Pass two: the document, unpacked, in chunks of at most 128 KiB, valid only during the call.
  ///
  /// What `body` gets was verified in pass one, unless the file was changed since: this is proved at the end, so that
  /// nothing irrevocable may be done before the function has returned. It throws what `body` throws, or an
  /// `EnvelopeError`.
  @discardableResult
  public func readDocument(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> DocumentDigest {
    let unpacking = try DocumentUnpacking(isGzip: isGzip, limits: limits)
    do {
      try input.requireUnchanged()
      let decryption = try Decryption(framing, of: input, keyRing: keyRing)
      let layer = try SignedLayer(decryption, digestAlgorithms: digestAlgorithms) { octets in
        try unpacking.update(octets, body)
      }
      try decryption.finish()
      guard layer.contentByteCount == contentByteCount, try layer.digests.firstValue() == contentDigest else {
        throw EnvelopeError.changed(path: path)
      }
      try input.requireUnchanged()
    } catch let failure as DocumentUnpacking.BodyFailure {
      throw failure.error
    } catch {
      let error = EnvelopeError(wrapping: error)
      // All of it was in order in pass one.
      throw error.isRejection ? EnvelopeError.changed(path: path) : error
    }
    return try unpacking.finish()
  }
}

/// The way of the signed content to the caller: unpacked, counted, digested.
private final class DocumentUnpacking {
  /// What the caller's closure threw, which is the caller's to understand.
  struct BodyFailure: Error {
    let error: any Error
  }

  private let inflater: Inflater?
  private let maximumByteCount: Int
  private let sha256: SHA256Stream
  private var byteCount = 0
  /// Why unpacking stopped. Reading goes on to the end all the same: only then is it certain that the fault is in what
  /// was signed, and not in a file that was changed.
  private var failure: EnvelopeError?

  init(isGzip: Bool, limits: EnvelopeLimits) throws {
    inflater = isGzip ? try Inflater(limits: limits) : nil
    maximumByteCount = limits.maximumDocumentBytes
    sha256 = try SHA256Stream()
  }

  func update(_ octets: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard failure == nil else { return }
    func pass(_ chunk: UnsafeRawBufferPointer) throws {
      byteCount += chunk.count
      try sha256.update(chunk)
      do { try body(chunk) } catch { throw BodyFailure(error: error) }
    }
    do {
      if let inflater { return try inflater.update(octets, pass) }
      guard byteCount + octets.count <= maximumByteCount else {
        throw EnvelopeError.tooLarge("the document is larger than \(maximumByteCount) bytes")
      }
      try pass(octets)
    } catch let error as EnvelopeError {
      failure = error
    }
  }

  func finish() throws -> DocumentDigest {
    if let failure { throw failure }
    try inflater?.finish()
    return DocumentDigest(sha256: try sha256.finish(), byteCount: byteCount)
  }
}
