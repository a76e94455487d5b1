import Batch
import Cryptography
import Envelope
import PartnerKit
import Synchronization
import Testing

@testable import Pipeline

@Suite("The decoding stage", .timeLimit(.minutes(2)))
struct DecodingStageTests {
  private static let recordsPerChunk = 20
  private let kit: PipelineKit
  private let limits: BatchLimits
  private let decoder: InstructionReader

  init() throws {
    kit = try PipelineKit()
    var limits = BatchLimits()
    limits.recordsPerChunk = Self.recordsPerChunk
    self.limits = limits
    var header = BatchHeader(batchID: "B-1", sourceBBID: "registry", kind: .credit)
    header.currency = Currency(code: "RWF")
    decoder = InstructionReader(header: header, limits: limits)
  }

  private func open(_ document: String) throws -> SealedFile {
    let path = "\(kit.directory.path)/inbox/document.p7m"
    try kit.partner.seal(document, to: kit.processor.encryption.certificate, at: path)
    return try SealedFile(path: path, openedWith: KeyRing([kit.processor.encryption]))
  }

  private func run(
    _ source: @escaping DecodingStage.Source, consume: (DecodedChunk) async throws -> Void
  ) async throws -> DecodingStage.Document {
    try await DecodingStage.run(
      reading: source, limits: limits, bareArray: nil, decoder: decoder, consume: consume)
  }

  @Test("hands on every chunk once, in the document's order")
  func order() async throws {
    let sealed = try open(BatchText("B-1", payments(5_000)).json)
    var positions: [Int] = []
    let document = try await run({ try sealed.readDocument($0) }) { positions += $0.instructions.map(\.position) }
    #expect(positions == Array(0..<5_000))
    #expect(document.frame.header.batchID == "B-1")
  }

  @Test("lets a slow consumer hold the reader back")
  func bounded() async throws {
    let text = BatchText("B-1", payments(20_000)).json
    let sealed = try open(text)
    let handedOut = Mutex(0)
    let largestPiece = Mutex(0)
    let bytesPerRecord = text.utf8.count / 20_000 + 1
    var consumed = 0
    var excess = 0
    _ = try await run({ body in
      // In pieces of some chunks, as a longer document comes.
      try sealed.readDocument { bytes in
        var rest = bytes
        while !rest.isEmpty {
          let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(8_192))
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(8_192))
          handedOut.withLock { $0 += piece.count }
          largestPiece.withLock { $0 = max($0, piece.count) }
          try body(piece)
        }
      }
    }) { chunk in
      // Time for a reader that nothing holds back to run away.
      for _ in 0..<50 { await Task.yield() }
      consumed += chunk.instructions.count
      let ahead = handedOut.withLock { $0 } - consumed * bytesPerRecord
      let allowed =
        (DecodingStage.chunksInFlight + 2) * Self.recordsPerChunk * bytesPerRecord + 2 * largestPiece.withLock { $0 }
      excess = max(excess, ahead - allowed)
    }
    #expect(consumed == 20_000)
    #expect(excess == 0)
  }

  @Test("ends with the consumer's error, and so does the reader")
  func consumerFails() async throws {
    struct Enough: Error {}
    let sealed = try open(BatchText("B-1", payments(5_000)).json)
    let (ends, reader) = AsyncStream.makeStream(of: Void.self)
    await #expect(throws: Enough.self) {
      _ = try await run({ body in
        defer { reader.finish() }
        return try sealed.readDocument(body)
      }) { chunk in if chunk.instructions.contains(where: { $0.position >= 100 }) { throw Enough() } }
    }
    for await _ in ends {}
  }

  @Test("gives the reader back when its task is cancelled")
  func cancelled() async throws {
    let sealed = try open(BatchText("B-1", payments(5_000)).json)
    let (ends, reader) = AsyncStream.makeStream(of: Void.self)
    let (starts, starter) = AsyncStream.makeStream(of: Void.self)
    let work = Task {
      try await run({ body in
        defer { reader.finish() }
        return try sealed.readDocument(body)
      }) { _ in
        starter.finish()
        // Until it is cancelled.
        while !Task.isCancelled { await Task.yield() }
      }
    }
    for await _ in starts {}
    work.cancel()
    await #expect(throws: (any Error).self) { _ = try await work.value }
    // Ends only when the reader's thread has let go of the file.
    for await _ in ends {}
  }

  @Test("ends with the reader's error")
  func readerFails() async throws {
    let whole = BatchText("B-1", payments(2_000)).json
    let sealed = try open(String(whole.dropLast(40)) + "]")
    await #expect(throws: Rejection.self) { _ = try await run({ try sealed.readDocument($0) }) { _ in } }
  }

  @Test("passes an error of the source on")
  func sourceFails() async throws {
    struct Unplugged: Error {}
    let sealed = try open(BatchText("B-1", payments(2_000)).json)
    await #expect(throws: Unplugged.self) {
      _ = try await run({ body in
        _ = try sealed.readDocument(body)
        throw Unplugged()
      }) { _ in }
    }
  }
}
