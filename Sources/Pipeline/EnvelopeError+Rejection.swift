import Batch
import Envelope

extension EnvelopeError {
  /// The sender's answer to a file that can't be opened or read; `nil` for an error of our own.
  var asRejection: Rejection? {
    guard isRejection, let code = RejectionCode(rawValue: code) else { return nil }
    return Rejection(Problem(code, message))
  }

  /// What `body` answers. The document is inflated only after the file was verified, so that a file which opens can
  /// still hold what is none, or too much: that is the sender's fault, and told like any other.
  static func rejecting<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as EnvelopeError { throw error.asRejection ?? error }
  }
}
