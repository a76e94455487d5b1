import Cryptography
import Envelope
import Synchronization

/// A sealed result as it grows: sealing blocks, so it happens on Dispatch's threads, one piece after another.
final class ResultStream: Sendable {
  private let writer: Mutex<SealedFileWriter>

  /// A new sealed file at `path`, which must not be there.
  init(path: String, signer: KeyPair, recipients: [Certificate]) throws {
    writer = Mutex(try SealedFileWriter(path: path, signers: [signer], recipients: recipients))
  }

  /// Compresses, signs and encrypts what `bytes` makes.
  func append(_ bytes: @escaping @Sendable () -> [UInt8]) async throws {
    try await blocking { try self.writer.withLock { try $0.write(bytes()) } }
  }

  /// Ends the file and syncs it; answers the SHA-256 of its sealed bytes.
  func finish() async throws -> SHA256Digest {
    try await blocking { try self.writer.withLock { try $0.finish() } }
  }
}
