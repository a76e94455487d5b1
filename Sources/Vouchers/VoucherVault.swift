internal import Cryptography
internal import Glibc
internal import Storage

/// The key that everything secret about vouchers is kept under: a file of 32 random bytes, apart from the vouchers.
///
/// The file's key wraps a data key, which seals the numbers, and an index key, which makes the codes to find them by
/// (RFC 3394). Both are in `vouchers.sqlite`, wrapped.
public final class VoucherVault: Sendable {
  private static let byteCount = 32

  private let key: SymmetricKey

  /// Writes a new vault key to `path`, mode 0600. A file that is there stays, and `storage(.exists)` is thrown.
  public static func createKey(at path: String) throws(VoucherError) {
    do {
      var bytes = try SecureRandom.bytes(byteCount)
      defer { wipe(&bytes) }
      try DurableFile.write(bytes, to: path, mode: 0o600, replacing: false)
    } catch let error as StorageError {
      throw .storage(error)
    } catch let error as CryptoError {
      throw VoucherError(error)
    } catch {
      throw .vaultKey(path: path, reason: "it could not be made")
    }
  }

  /// Reads the vault key at `path`, which nobody but its owner may read.
  public init(keyFile path: String) throws(VoucherError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw .vaultKey(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .vaultKey(path: path, reason: "it is no regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .vaultKey(path: path, reason: "others may read it: set its mode to 0600")
    }
    var bytes = [UInt8](repeating: 0, count: Self.byteCount + 1)
    defer { Self.wipe(&bytes) }
    guard read(descriptor, &bytes, bytes.count) == Self.byteCount else {
      throw .vaultKey(path: path, reason: "it does not have \(Self.byteCount) bytes")
    }
    key = bytes.withUnsafeBytes { SymmetricKey(UnsafeRawBufferPointer(rebasing: $0.prefix(Self.byteCount))) }
  }

  func wrap(_ inner: SymmetricKey) throws(VoucherError) -> [UInt8] {
    do { return try KeyWrap.wrap(inner, under: key) } catch { throw VoucherError(error) }
  }

  func unwrap(_ wrapped: [UInt8]) throws(VoucherError) -> SymmetricKey {
    do {
      return try KeyWrap.unwrap(wrapped, under: key)
    } catch {
      if case .notAuthentic = error { throw .wrongVaultKey }
      throw VoucherError(error)
    }
  }

  private static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
    }
  }
}
