import CZlib

/// Unpacks gzip (RFC 1952) of one or more members, bounded in size and ratio, checksums verified.
final class Inflater {
  private static let windowByteCount = 1 << 17
  /// Below this output a ratio says nothing: a short text of spaces is no bomb.
  private static let ratioGraceByteCount = 1 << 20

  private var stream = z_stream()
  private let window: UnsafeMutableRawBufferPointer
  private let limits: EnvelopeLimits
  private var compressedByteCount = 0
  private var documentByteCount = 0
  private var isBetweenMembers = false

  init(limits: EnvelopeLimits) throws {
    self.limits = limits
    window = .allocate(byteCount: Self.windowByteCount, alignment: 16)
    guard shim_inflateInitGzip(&stream) == Z_OK else {
      throw EnvelopeError.unusable("zlib could not be started")
    }
  }

  deinit {
    inflateEnd(&stream)
    window.deallocate()
  }

  /// Unpacks more; `body` gets what comes out.
  func update(_ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    compressedByteCount += input.count
    // zlib's input pointer is not const, but inflate does not write through it.
    stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
    stream.avail_in = uInt(input.count)
    repeat {
      if isBetweenMembers {
        guard stream.avail_in > 0 else { return }
        guard inflateReset(&stream) == Z_OK else { throw EnvelopeError.unusable("zlib could not be restarted") }
        isBetweenMembers = false
      }
      stream.next_out = window.baseAddress?.assumingMemoryBound(to: Bytef.self)
      stream.avail_out = uInt(window.count)
      let answer = inflate(&stream, Z_NO_FLUSH)
      let produced = window.count - Int(stream.avail_out)
      if produced > 0 {
        try count(produced)
        try body(UnsafeRawBufferPointer(rebasing: window[..<produced]))
      }
      switch answer {
      case Z_STREAM_END: isBetweenMembers = true
      case Z_OK, Z_BUF_ERROR: break
      default: throw damaged()
      }
    } while stream.avail_in > 0 || stream.avail_out == 0
  }

  /// The content has ended: so must the last member have.
  func finish() throws {
    guard isBetweenMembers else {
      throw EnvelopeError.unsupportedEncoding(
        "the gzip inside ends too early: was it cut, or was -binary left out at openssl cms -sign?")
    }
  }

  private func count(_ produced: Int) throws {
    documentByteCount += produced
    guard documentByteCount <= limits.maximumDocumentBytes else {
      throw EnvelopeError.tooLarge("the document is larger than \(limits.maximumDocumentBytes) bytes when unpacked")
    }
    guard
      documentByteCount <= Self.ratioGraceByteCount
        || documentByteCount / limits.maximumRatio <= compressedByteCount
    else {
      throw EnvelopeError.tooLarge("the document unpacks to more than \(limits.maximumRatio) times its size")
    }
  }

  private func damaged() -> EnvelopeError {
    let reason = stream.msg.map { ": " + String(cString: $0) } ?? ""
    return .unsupportedEncoding(
      "the gzip inside is damaged\(reason); was -binary left out at openssl cms -sign?")
  }
}
