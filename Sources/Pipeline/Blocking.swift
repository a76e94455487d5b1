import Dispatch

private let blockingQueue = DispatchQueue(label: "disburse.blocking", attributes: .concurrent)

/// Runs work that blocks (files, OpenSSL, zlib) on a Dispatch thread, so that no thread of the cooperative pool waits.
package func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    blockingQueue.async { continuation.resume(with: Result(catching: body)) }
  }
}
