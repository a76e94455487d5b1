import CZlib

/// Packs a stream with gzip (RFC 1952).
final class Deflater {
  private static let windowByteCount = 1 << 16
  private var stream = z_stream()
  private let window: UnsafeMutableRawBufferPointer

  /// - Parameter level: 1, fastest, to 9, smallest.
  init(level: Int) throws {
    window = .allocate(byteCount: Self.windowByteCount, alignment: 16)
    guard (1...9).contains(level), shim_deflateInitGzip(&stream, Int32(level)) == Z_OK else {
      throw EnvelopeError.unusable("zlib could not be started at level \(level)")
    }
  }

  deinit {
    deflateEnd(&stream)
    window.deallocate()
  }

  /// Packs more; `body` gets what comes out.
  func update(_ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var rest = input[...]
    // zlib counts in 32 bits.
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      rest = rest.dropFirst(part.count)
      // zlib's input pointer is not const, but deflate does not write through it.
      stream.next_in = UnsafeMutablePointer(mutating: part.baseAddress?.assumingMemoryBound(to: Bytef.self))
      stream.avail_in = uInt(part.count)
      try run(Z_NO_FLUSH, body)
    }
  }

  /// Writes what is left and the checksum.
  func finish(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    stream.avail_in = 0
    try run(Z_FINISH, body)
  }

  private func run(_ flush: Int32, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    repeat {
      stream.next_out = window.baseAddress?.assumingMemoryBound(to: Bytef.self)
      stream.avail_out = uInt(window.count)
      guard deflate(&stream, flush) != Z_STREAM_ERROR else { throw EnvelopeError.unusable("zlib could not pack") }
      let produced = window.count - Int(stream.avail_out)
      if produced > 0 { try body(UnsafeRawBufferPointer(rebasing: window[..<produced])) }
    } while stream.avail_out == 0
  }
}
