public import Cryptography

extension SealedFile {
  /// SHA-256 of the sealed file as it lies, read through the descriptor that it was opened by: what names the file to
  /// those who have only the sealed one. It blocks.
  public func sealedDigest() throws(EnvelopeError) -> SHA256Digest {
    do {
      let stream = try SHA256Stream()
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      var offset = 0
      while true {
        let count = try buffer.withUnsafeMutableBytes { bytes in
          let count = try input.read(into: bytes, at: offset)
          try stream.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
          return count
        }
        if count == 0 { return try stream.finish() }
        offset += count
      }
    } catch {
      throw EnvelopeError(wrapping: error)
    }
  }
}
