import Batch
import Cryptography
import Journal
import Synchronization

/// The witness in a partner's result.
enum ResultWitness {
  /// The head in the result at `path`: a document that was opened, or a sealed one that `pair` opens.
  static func read(_ path: String, openedWith pair: (certificate: String, key: String)?) async throws -> AuditHead {
    let reader = Mutex(ResultReader())
    let document: ResultDocument
    do {
      if let pair {
        let sealed = try await SealedDocument.open(
          path, certificate: pair.certificate, key: pair.key, signerCertificate: nil)
        try await sealed.read { bytes in try reader.withLock { try $0.consume(bytes) { _ in } } }
      } else {
        let bytes = try TextFile.read(path)
        try bytes.withUnsafeBytes { bytes in try reader.withLock { try $0.consume(bytes) { _ in } } }
      }
      document = try reader.withLock { try $0.finish() }
    } catch let error as ResultReaderError {
      throw StationError.refused("\(path) is no opened result: \(error); a sealed one needs --cert and --key")
    }
    guard let audit = document.header.audit, let head = AuditHead(audit.spelling) else {
      throw StationError.refused("\(path) has no witness of an audit trail")
    }
    return head
  }
}
