import COpenSSL

/// A secret key. Prints masked, is not `Codable`, and its bytes are cleansed when the last reference goes.
public final class SymmetricKey: Sendable {
  /// How many bytes the key has.
  public let byteCount: Int
  // Safe to share: the bytes are written in `init` and cleansed in `deinit`, and only read between.
  nonisolated(unsafe) private let storage: UnsafeMutableRawBufferPointer

  private init(byteCount: Int) {
    self.byteCount = byteCount
    storage = .allocate(byteCount: byteCount, alignment: 8)
  }

  /// A key of bytes that the caller has; the caller's copy is the caller's to cleanse.
  public convenience init(_ bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    storage.copyMemory(from: bytes)
  }

  /// A key of bytes that the caller has; the caller's copy is the caller's to cleanse.
  public convenience init(_ bytes: [UInt8]) {
    self.init(byteCount: bytes.count)
    storage.copyBytes(from: bytes)
  }

  /// A new random key.
  public static func generate(byteCount: Int = 32) throws(CryptoError) -> SymmetricKey {
    let key = SymmetricKey(byteCount: byteCount)
    try SecureRandom.fill(key.storage)
    return key
  }

  /// Lends the key's bytes; they must not leave the closure.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(storage))
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }
}

extension SymmetricKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The length only.
  public var description: String { "SymmetricKey(\(byteCount) bytes, masked)" }
  /// The length only.
  public var debugDescription: String { description }
  /// Nothing to see for `dump`.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
