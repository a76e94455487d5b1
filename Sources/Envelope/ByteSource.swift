/// Bytes that come in order.
protocol ByteSource: AnyObject {
  /// Fills some of the buffer; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
  /// Passes over up to `count` bytes; how many there were.
  func skip(_ count: Int) throws -> Int
}

extension ByteSource {
  func skip(_ count: Int) throws -> Int {
    var remaining = count
    try withUnsafeTemporaryAllocation(byteCount: min(count, 1 << 16), alignment: 8) { buffer in
      while remaining > 0 {
        let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(remaining)))
        if read == 0 { return }
        remaining -= read
      }
    }
    return count - remaining
  }
}

/// Bytes in memory.
final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let slice = bytes[position...].prefix(buffer.count)
    buffer.copyBytes(from: slice)
    position += slice.count
    return slice.count
  }
}
