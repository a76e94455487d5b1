import COpenSSL

/// A SHA-256 digest (FIPS 180-4): 32 bytes, kept without an allocation.
public struct SHA256Digest: Hashable, Sendable {
  /// How many bytes a digest has.
  public static let byteCount = 32
  // Stored in the order of the bytes in memory, whatever the machine's byte order.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init(filledBy fill: (UnsafeMutablePointer<UInt8>) -> Void) {
    withUnsafeMutableBytes(of: &words) { buffer in
      if let base = buffer.baseAddress { fill(base.assumingMemoryBound(to: UInt8.self)) }
    }
  }

  /// A digest that was stored as bytes; `nil` when there are not 32 of them.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// The 32 bytes.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// 64 lower-case hexadecimal digits.
  public var hexString: String { withUnsafeBytes { Hexadecimal.string($0) } }

  /// Lends the 32 bytes.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try Swift.withUnsafeBytes(of: words, body)
  }

  /// Equality of all 32 bytes.
  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  /// Hashes the leading bytes: a digest is uniform already.
  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension SHA256Digest: CustomStringConvertible {
  /// The digest in hexadecimal.
  public var description: String { hexString }
}

/// SHA-256 of bytes that are all at hand.
public enum SHA256 {
  // Fetched once: a fetch by name for each digest costs more than a short digest. Safe to share: never changed.
  nonisolated(unsafe) package static let algorithm: OpaquePointer? = EVP_MD_fetch(nil, "SHA2-256", nil)

  /// The digest of the buffer's bytes.
  public static func digest(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) -> SHA256Digest {
    var answer: Int32 = 0
    let digest = SHA256Digest { answer = EVP_Digest(bytes.baseAddress, bytes.count, $0, nil, algorithm, nil) }
    try require(answer, "compute SHA-256")
    return digest
  }

  /// The digest of the bytes.
  public static func digest(_ bytes: [UInt8]) throws(CryptoError) -> SHA256Digest {
    let stream = try SHA256Stream()
    try stream.update(bytes)
    return try stream.finish()
  }
}

/// SHA-256 over bytes that come in pieces; one context serves any number of digests, one after the other.
public final class SHA256Stream {
  private let context: OpenSSLObject

  /// A stream that has seen nothing.
  public init() throws(CryptoError) {
    context = try OpenSSLObject(EVP_MD_CTX_new(), "make a digest context", free: { EVP_MD_CTX_free($0) })
    try restart()
  }

  /// Takes more bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    try require(context.withPointer { EVP_DigestUpdate($0, bytes.baseAddress, bytes.count) }, "continue SHA-256")
  }

  /// Takes more bytes.
  public func update(_ bytes: [UInt8]) throws(CryptoError) {
    let answer = bytes.withUnsafeBytes { buffer in
      context.withPointer { EVP_DigestUpdate($0, buffer.baseAddress, buffer.count) }
    }
    try require(answer, "continue SHA-256")
  }

  /// Takes the text's UTF-8.
  public func update(utf8 text: String) throws(CryptoError) {
    var text = text
    let answer = text.withUTF8 { buffer in
      context.withPointer { EVP_DigestUpdate($0, buffer.baseAddress, buffer.count) }
    }
    try require(answer, "continue SHA-256")
  }

  /// The digest of everything since the start or the last `finish`; the stream is as new afterwards.
  public func finish() throws(CryptoError) -> SHA256Digest {
    var answer: Int32 = 0
    let digest = SHA256Digest { output in
      answer = context.withPointer { EVP_DigestFinal_ex($0, output, nil) }
    }
    try require(answer, "finish SHA-256")
    try restart()
    return digest
  }

  private func restart() throws(CryptoError) {
    try require(context.withPointer { EVP_DigestInit_ex2($0, SHA256.algorithm, nil) }, "start SHA-256")
  }
}
