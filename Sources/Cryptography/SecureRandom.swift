import COpenSSL

/// Random bytes from libcrypto's generator, fit for keys.
public enum SecureRandom {
  /// Fills the buffer with random bytes.
  public static func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
    try require(RAND_bytes_ex(nil, base.assumingMemoryBound(to: UInt8.self), buffer.count, 0), "make random bytes")
  }

  /// `count` random bytes.
  public static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: CryptoError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(CryptoError) { try fill(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
