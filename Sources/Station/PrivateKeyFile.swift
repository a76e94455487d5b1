import Cryptography
import Storage

/// A private key in a file of the home, in clear or under a passphrase.
struct PrivateKeyFile {
  let path: String

  init(_ path: String) { self.path = path }

  /// Reads the key. The passphrase is only read for a key that needs one.
  ///
  /// - Throws: `passphraseNeeded` when there is none for it, `passphraseWrong` when it is another's.
  func load(_ passphraseFile: PassphraseFile?) throws -> PrivateKey {
    var pem = try TextFile.read(path)
    defer { pem.cleanse() }
    do { return try PrivateKey(pem: pem) } catch .passphraseProtected {} catch {
      throw StationError.keys(path: path, reason: "\(error)")
    }
    guard let passphraseFile else { throw StationError.passphraseNeeded(key: path) }
    let passphrase = try passphraseFile.read()
    do { return try PrivateKey(pem: pem, passphrase: passphrase) } catch .wrongPassphrase {
      throw StationError.passphraseWrong(key: path, file: passphraseFile.path)
    } catch {
      throw StationError.keys(path: path, reason: "\(error)")
    }
  }

  /// Whether the key is under a passphrase.
  func isProtected() throws(StationError) -> Bool {
    var pem = try TextFile.read(path)
    defer { pem.cleanse() }
    do { _ = try PrivateKey(pem: pem) } catch { return error == .passphraseProtected }
    return false
  }

  /// Writes the key with mode 0600, under the passphrase when there is one; it is there whole or not at all.
  func store(_ key: PrivateKey, under passphrase: SymmetricKey?, replacing: Bool) throws {
    try key.withPEM(passphrase: passphrase) { pem in
      var bytes = Array(pem)
      defer { bytes.cleanse() }
      try DurableFile.write(bytes, to: path, mode: 0o600, replacing: replacing)
    }
  }
}
