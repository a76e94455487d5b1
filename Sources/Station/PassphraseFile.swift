import Cryptography
import Glibc

/// The file with the passphrase of the processor's private keys: its first line, as `openssl -passin file:` takes it.
struct PassphraseFile: Hashable, Sendable {
  /// The name of the credential, as `LoadCredential=` of a systemd unit spells it.
  static let credentialName = "key-passphrase"
  // What libcrypto's callback has room for (PEM_BUFSIZE), without the zero at its end.
  private static let maximumByteCount = 1_023

  /// Where it is.
  let path: String
  /// Whether the service manager put it there.
  let isCredential: Bool

  /// The credential of the service manager when there is one, else the file that the configuration names, which stands
  /// from `home` on when its path does not begin at the root; `nil` when there is neither.
  static func find(configured: String?, home: String) -> PassphraseFile? {
    if let directory = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), !directory.isEmpty {
      let path = "\(directory)/\(credentialName)"
      if FileAccess.exists(path) { return PassphraseFile(path: path, isCredential: true) }
    }
    guard let configured, !configured.isEmpty else { return nil }
    return PassphraseFile(path: configured.hasPrefix("/") ? configured : "\(home)/\(configured)", isCredential: false)
  }

  /// Reads the passphrase.
  ///
  /// - Throws: `exposed` when others may read the file, `passphraseFile` when there is no passphrase in it.
  func read() throws(StationError) -> SymmetricKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .passphraseFile(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .passphraseFile(path: path, reason: "it is no regular file")
    }
    // systemd.exec(5): a credential is opened to its unit's user by an access list, whose mask stands where the mode of
    // the group does.
    let others: mode_t = isCredential ? 0o007 : 0o077
    guard status.st_mode & others == 0 else {
      throw .exposed(path: path, mode: String(status.st_mode & 0o7777, radix: 8))
    }
    var bytes = [UInt8](repeating: 0, count: Self.maximumByteCount + 2)
    defer { bytes.cleanse() }
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw .passphraseFile(path: path, reason: String(cString: strerror(errno))) }
    let lineCount = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) ?? count
    guard (1...Self.maximumByteCount).contains(lineCount), !bytes[..<lineCount].contains(0) else {
      throw .passphraseFile(
        path: path, reason: "its first line is not 1 to \(Self.maximumByteCount) bytes without a zero")
    }
    return bytes.withUnsafeBytes { SymmetricKey(UnsafeRawBufferPointer(rebasing: $0[..<lineCount])) }
  }
}

extension [UInt8] {
  /// Overwrites bytes that were a secret, in a way that the compiler does not leave out.
  mutating func cleanse() {
    withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
    }
  }
}
