/// The one owner of a libcrypto object: frees it when the last reference goes.
package final class OpenSSLObject {
  private let pointer: OpaquePointer
  private let free: (OpaquePointer) -> Void

  /// Takes over what a libcrypto constructor gave; its `nil` becomes an error.
  package init(
    _ pointer: OpaquePointer?, _ operation: String, free: @escaping (OpaquePointer) -> Void
  ) throws(CryptoError) {
    guard let pointer else { throw CryptoError.draining(operation) }
    self.pointer = pointer
    self.free = free
  }

  /// Lends the pointer; it must not leave the closure.
  package func withPointer<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(pointer)
  }

  deinit { free(pointer) }
}
