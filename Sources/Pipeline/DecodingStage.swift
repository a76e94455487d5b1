import Batch
import Dispatch
import Envelope
import Synchronization

/// Reads a document on one queue, decodes its chunks on others, and hands them on in order.
///
/// Bounded: when the consumer is slow, the reader waits. Blocking happens on Dispatch's threads only.
struct DecodingStage {
  /// How many chunks may be between the reader and the consumer.
  static let chunksInFlight = 12

  private static let readers = DispatchQueue(label: "disburse.read", attributes: .concurrent)
  private static let decoders = DispatchQueue(label: "disburse.decode", attributes: .concurrent)

  private struct ConsumerStopped: Error {}

  private enum Event: Sendable {
    case chunk(number: Int, DecodedChunk)
    case end(chunkCount: Int, Result<Document, any Error>)
  }

  /// What is known of a document when it has been read to its end.
  struct Document: Sendable {
    let frame: BatchFrame
    let digest: DocumentDigest
  }

  /// Hands on the bytes of a document in pieces, and says at its end what it has read.
  typealias Source = @Sendable (_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> DocumentDigest

  /// Reads the whole document; `consume` gets each decoded chunk, in the document's order.
  ///
  /// - Throws: what `source`, the reader or `consume` throws.
  static func run(
    reading source: @escaping Source, limits: BatchLimits, bareArray: BareArrayIdentity?, decoder: InstructionReader,
    consume: (DecodedChunk) async throws -> Void
  ) async throws -> Document {
    // Counted up from zero: Dispatch traps when a semaphore goes away below the value it was made with.
    let gate = DispatchSemaphore(value: 0)
    for _ in 0..<chunksInFlight { gate.signal() }
    let isStopped = SharedFlag()
    let (events, producer) = AsyncStream.makeStream(of: Event.self)
    readers.async {
      var chunkCount = 0
      let result = Result<Document, any Error> {
        var reader = BatchReader(limits: limits, bareArray: bareArray, mode: .everything)
        func emit(_ chunk: RecordChunk) throws {
          gate.wait()
          if isStopped.isRaised { throw ConsumerStopped() }
          let number = chunkCount
          chunkCount += 1
          decoders.async { producer.yield(.chunk(number: number, decoder.decode(chunk))) }
        }
        let digest = try source { bytes in try reader.consume(bytes, emit: emit) }
        let frame = try reader.finish(emit: emit)
        return Document(frame: frame, digest: digest)
      }
      producer.yield(.end(chunkCount: chunkCount, result))
    }

    // However this ends, by a cancelled task too: a reader that waits at the gate would hold its thread and its file.
    defer {
      isStopped.raise()
      for _ in 0..<chunksInFlight { gate.signal() }
    }
    var early: [Int: DecodedChunk] = [:]
    var next = 0
    // Known at the document's end. Chunks that were read before are still being decoded then, and what is wrong with
    // their lines is told beside an error of the document.
    var end: (chunkCount: Int, document: Result<Document, any Error>)?
    var failure: (any Error)?
    for await event in events {
      switch event {
      case .end(let chunkCount, let document): end = (chunkCount, document)
      case .chunk(let number, let chunk): early[number] = chunk
      }
      while failure == nil, let chunk = early.removeValue(forKey: next) {
        do { try await consume(chunk) } catch {
          failure = error
          isStopped.raise()
          for _ in 0..<chunksInFlight { gate.signal() }
        }
        next += 1
        gate.signal()
      }
      guard let end else { continue }
      if let failure { throw failure }
      if next == end.chunkCount { return try end.document.get() }
    }
    throw failure ?? PipelineError.interrupted
  }
}

/// A flag between threads that goes up once.
final class SharedFlag: Sendable {
  private let value = Atomic(false)
  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}
