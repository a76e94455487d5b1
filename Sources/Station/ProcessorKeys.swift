public import Batch
public import Cryptography
import Envelope
import Glibc
import Storage

/// The processor's own key pairs: those that open files, and those that sign results. Every pair is a numbered `.key`
/// and `.crt`; the pair with the highest number is the current one, which is handed out and signs. A `.ends` beside an
/// older pair is the instant from which it is no longer used.
public struct ProcessorKeys: Sendable {
  /// What a pair is for.
  public enum Purpose: String, Hashable, Sendable, CaseIterable {
    /// Partners encrypt to it.
    case encryption
    /// Results are signed with it.
    case signing
  }

  /// Where a pair stands.
  public enum State: Hashable, Sendable {
    /// Handed out, or signing. It stays so until there is a newer one, even when its certificate has ended.
    case current
    /// Older than the current one and in force: it opens files, or its signatures are still to be verified.
    case overlapping(until: Timestamp)
    /// In force no more.
    case ended(at: Timestamp)
  }

  /// One pair as `key list` shows it.
  public struct Entry: Sendable {
    /// What it is for.
    public let purpose: Purpose
    /// Its number, from 1.
    public let number: Int
    /// Its certificate.
    public let certificate: Certificate
    /// Where it stands.
    public let state: State

    /// Whether it is the one in use: handed out, or signing.
    public var isCurrent: Bool { state == .current }
    /// Whether it is in use, or was and still counts.
    public var isInForce: Bool { if case .ended = state { false } else { true } }
  }

  let directory: String
  /// Where the passphrase of the private keys is; `nil` when they stand in clear.
  let passphraseFile: PassphraseFile?
  private let cache = KeyCache()

  init(directory: String, passphraseFile: PassphraseFile?) {
    self.directory = directory
    self.passphraseFile = passphraseFile
  }

  /// All pairs, by purpose and number, as they stand at `now`.
  func list(at now: Timestamp) throws -> [Entry] {
    try Purpose.allCases.flatMap { try list($0, at: now) }
  }

  /// The keys that open files at `now`: the current one, and older ones before their end.
  func keyRing(at now: Timestamp) throws -> KeyRing {
    KeyRing(try list(.encryption, at: now).filter(\.isInForce).map { try pair(.encryption, $0.number) })
  }

  /// The key that signs results.
  func signer() throws -> KeyPair {
    guard let number = try numbers(.signing).last else { throw missing(.signing) }
    return try pair(.signing, number)
  }

  /// The certificates for partners in PEM: the one to encrypt to, then the one that signs results; with `includingOlder`
  /// those of every older pair that is in force at `now` behind them.
  func export(includingOlder: Bool, at now: Timestamp) throws -> String {
    let entries = try list(at: now)
    let current = try Purpose.allCases.map { purpose in
      guard let entry = entries.first(where: { $0.purpose == purpose && $0.isCurrent }) else { throw missing(purpose) }
      return entry
    }
    let older = includingOlder ? entries.filter { $0.isInForce && !$0.isCurrent } : []
    return (current + older).map(\.certificate.pem).joined()
  }

  /// What `.ends` says of a pair; `nil` when there is none.
  func statedEnd(_ purpose: Purpose, _ number: Int) throws(StationError) -> Timestamp? {
    let path = path(purpose, number, "ends")
    guard FileAccess.exists(path) else { return nil }
    let text = String(decoding: try TextFile.read(path), as: UTF8.self)
    guard text.hasSuffix("\n"), let end = Timestamp(rfc3339: String(text.dropLast())) else {
      throw .keys(path: path, reason: "it is not one line with an instant such as 2027-02-01T00:00:00Z")
    }
    return end
  }

  func numbers(_ purpose: Purpose, of suffixes: Set<String> = ["crt"]) throws(StationError) -> [Int] {
    let names = try TextFile.names(in: directory)
    return Set(
      names.compactMap { name in
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, suffixes.contains(String(parts[1])), parts[0].hasPrefix(purpose.rawValue + "-") else {
          return nil
        }
        return Int(parts[0].dropFirst(purpose.rawValue.count + 1))
      }
    ).sorted()
  }

  func certificate(_ purpose: Purpose, _ number: Int) throws -> Certificate {
    let path = path(purpose, number, "crt")
    do { return try Certificate(pem: String(decoding: TextFile.read(path), as: UTF8.self)) } catch let error
      as CryptoError
    {
      throw StationError.keys(path: path, reason: "\(error)")
    }
  }

  func path(_ purpose: Purpose, _ number: Int, _ suffix: String) -> String {
    "\(directory)/\(purpose.rawValue)-\(number).\(suffix)"
  }

  /// The pair, opened with the passphrase when it is under one.
  func pair(_ purpose: Purpose, _ number: Int) throws -> KeyPair {
    let (keyPath, certificatePath) = (path(purpose, number, "key"), path(purpose, number, "crt"))
    try Home.checkPrivacy(of: keyPath)
    return try cache.pair(key: keyPath, certificate: certificatePath) {
      let key = try PrivateKeyFile(keyPath).load(passphraseFile)
      let certificate = try certificate(purpose, number)
      guard key.matches(certificate) else {
        throw StationError.keys(path: keyPath, reason: "it is not the private key of the certificate beside it")
      }
      return try KeyPair(certificate: certificate, privateKey: key)
    }
  }

  private func list(_ purpose: Purpose, at now: Timestamp) throws -> [Entry] {
    let numbers = try numbers(purpose)
    return try numbers.map { number in
      let certificate = try certificate(purpose, number)
      return Entry(
        purpose: purpose, number: number, certificate: certificate,
        state: number == numbers.last ? .current : try state(purpose, number, certificate, at: now))
    }
  }

  private func state(_ purpose: Purpose, _ number: Int, _ certificate: Certificate, at now: Timestamp) throws -> State {
    let validity = Timestamp(millisecondsSinceEpoch: certificate.notAfter * 1_000)
    let end = min(validity, try statedEnd(purpose, number) ?? validity)
    return now < end ? .overlapping(until: end) : .ended(at: end)
  }

  private func missing(_ purpose: Purpose) -> StationError {
    .keys(path: directory, reason: "there is no \(purpose.rawValue) key; make one with disburse key generate")
  }
}
