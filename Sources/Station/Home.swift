public import Batch
import Beneficiaries
import Cryptography
import Glibc
import Journal
import LedgerWallet
import Storage
import Vouchers

/// The directory that holds everything: configuration, keys, partners, journal, ledger, vouchers, spool.
public struct Home: Sendable {
  /// Where it is.
  public let path: String

  var configuration: String { "\(path)/disburse.yaml" }
  var keys: String { "\(path)/keys" }
  var partners: String { "\(path)/partners" }
  var operators: String { "\(path)/operators" }
  var vaultKey: String { "\(path)/keys/vault.key" }
  var locks: String { "\(path)/locks" }
  var spool: String { "\(path)/spool" }
  var inbox: String { "\(path)/spool/inbox" }
  var work: String { "\(path)/spool/work" }
  var outbox: String { "\(path)/spool/outbox" }
  var daemonLock: String { "\(path)/locks/daemon.lock" }
  var journal: String { "\(path)/journal.sqlite" }
  var auditHead: String { "\(path)/audit.head" }
  var ledger: String { "\(path)/ledger.sqlite" }
  var vouchers: String { "\(path)/vouchers.sqlite" }
  var beneficiaries: String { "\(path)/beneficiaries.sqlite" }

  /// The stores, which belong to each other.
  var stores: [String] { [journal, ledger, vouchers, beneficiaries] }

  static let directories = [
    "keys", "partners", "operators", "locks", "spool", "spool/inbox", "spool/work", "spool/outbox", "spool/rejected",
    "spool/archive",
  ]

  /// The home at `path`.
  ///
  /// - Throws: `StationError.noHome` when there is none, `exposed` when others may look into it.
  public init(openingAt path: String) throws(StationError) {
    self.path = Self.absolute(path)
    guard access(configuration, F_OK) == 0 else {
      if errno == EACCES { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
      throw .noHome(path: path)
    }
    try Self.checkPrivacy(of: path)
    try Self.checkPrivacy(of: keys)
  }

  /// The path of a home, whatever is there.
  init(unchecked path: String) { self.path = Self.absolute(path) }

  /// The path from the root, so that it holds wherever it is told.
  private static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return path == "." ? String(cString: current) : "\(String(cString: current))/\(path)"
  }

  /// Makes a new home with its own keys.
  ///
  /// - Parameter passphraseFile: where the passphrase is that its private keys are written under; a credential of the
  ///   service manager stands over it. In clear without either.
  /// - Returns: the home; its directory has mode 0700.
  public static func create(
    at path: String, processorID: String, allowsDemoKeys: Bool, passphraseFile: String? = nil,
    clock: any WallClock = SystemClock()
  ) async throws -> Home {
    guard (1...50).contains(processorID.utf8.count), processorID.utf8.allSatisfy(Self.isNameByte) else {
      throw StationError.refused(
        "\(processorID) can't be a processor's name: it has 1 to 50 characters of A-Z a-z 0-9 . _ -")
    }
    let home = Home(unchecked: path)
    let passphraseFile = passphraseFile.map(Self.absolute)
    let passphrase = PassphraseFile.find(configured: passphraseFile, home: home.path)
    // Before anything is made: what can't be read leaves no half home behind.
    _ = try passphrase?.read()
    try makeDirectory(path)
    guard try isEmpty(path) else { throw StationError.homeExists(path: path) }
    guard chmod(path, 0o700) == 0 else {
      throw StationError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    for directory in directories { try makeDirectory("\(path)/\(directory)") }
    try ProcessorKeys(directory: home.keys, passphraseFile: passphrase)
      .generate(.ecP256, for: processorID, at: clock.now())
    try VoucherVault.createKey(at: home.vaultKey)
    // Now and never later: a store that is missing is a lost one.
    try await home.beginTrail(processorID: processorID, passphrase, at: clock.now())
    _ = try LedgerWallet(path: home.ledger, clock: clock)
    try VoucherStore.create(at: home.vouchers)
    try AccountMapper.create(at: home.beneficiaries)
    // Last, because a directory is a home when it has its configuration.
    let text = StationConfiguration.initialText(
      processorID: processorID, allowsDemoKeys: allowsDemoKeys, passphraseFile: passphraseFile)
    try DurableFile.write(Array(text.utf8), to: home.configuration, mode: 0o600, replacing: false)
    return home
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    let character = Character(UnicodeScalar(byte))
    return character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
  }

  private static func makeDirectory(_ path: String) throws(StationError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private static func isEmpty(_ path: String) throws(StationError) -> Bool {
    guard let stream = opendir(path) else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { return false }
    }
    return true
  }

  /// The path of a store that is there and can be written.
  ///
  /// - Throws: `missingStore` when it is lost, `unwritable` when it, or the directory of its log and lock, is read-only.
  func store(_ path: String) throws(StationError) -> String {
    guard FileAccess.exists(path) else {
      guard errno == ENOENT else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
      throw .missingStore(path: path)
    }
    for place in [self.path, path] where access(place, R_OK | W_OK) != 0 {
      throw .unwritable(path: place, reason: String(cString: strerror(errno)))
    }
    return path
  }

  static func checkPrivacy(of path: String) throws(StationError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    let mode = status.st_mode & 0o7777
    guard mode & 0o077 == 0 else { throw .exposed(path: path, mode: String(mode, radix: 8)) }
  }
}
