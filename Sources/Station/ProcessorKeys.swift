import Batch
public import Cryptography
import Envelope
import Glibc
import Storage

/// The processor's own key pairs: those that open files, and those that sign results. Every pair is a numbered `.key`
/// and `.crt`; the pair with the highest number is the one that is handed out and signs.
public struct ProcessorKeys: Sendable {
  /// What a pair is for.
  public enum Purpose: String, Hashable, Sendable, CaseIterable {
    /// Partners encrypt to it.
    case encryption
    /// Results are signed with it.
    case signing
  }

  /// One pair as `key list` shows it.
  public struct Entry: Sendable {
    /// What it is for.
    public let purpose: Purpose
    /// Its number, from 1.
    public let number: Int
    /// Its certificate.
    public let certificate: Certificate
    /// Whether it is the one in use: handed out, or signing.
    public let isCurrent: Bool
  }

  private static let validityDays = 3 * 365
  // A partner's clock may be behind ours when the certificate reaches it.
  private static let backdatingSeconds: Int64 = 3_600

  private let directory: String

  init(directory: String) { self.directory = directory }

  /// Makes a pair for each purpose beside those that are there.
  func generate(_ algorithm: GeneratedKeyAlgorithm, for processorID: String, at now: Timestamp) throws {
    for purpose in Purpose.allCases {
      let number = try (numbers(purpose).last ?? 0) + 1
      let key = try PrivateKey.generate(algorithm)
      let certificate = try Certificate.selfSigned(
        for: key, commonName: "\(processorID) \(purpose.rawValue) \(number)", organization: nil,
        purpose: purpose == .encryption ? .encryption : .signing,
        notBefore: now.millisecondsSinceEpoch / 1_000 - Self.backdatingSeconds, days: Self.validityDays)
      // The key first: a certificate without its key would be handed out and open nothing.
      try key.withPEM { pem in
        try DurableFile.write(Array(pem), to: path(purpose, number, "key"), mode: 0o600, replacing: false)
      }
      try DurableFile.write(
        Array(certificate.pem.utf8), to: path(purpose, number, "crt"), mode: 0o600, replacing: false)
    }
  }

  /// All pairs, by purpose and number.
  func list() throws -> [Entry] {
    try Purpose.allCases.flatMap { purpose in
      let numbers = try numbers(purpose)
      return try numbers.map { number in
        Entry(
          purpose: purpose, number: number, certificate: try certificate(purpose, number),
          isCurrent: number == numbers.last)
      }
    }
  }

  /// The keys that open files.
  func keyRing() throws -> KeyRing {
    KeyRing(try numbers(.encryption).map { try pair(.encryption, $0) })
  }

  /// The key that signs results.
  func signer() throws -> KeyPair {
    guard let number = try numbers(.signing).last else {
      throw StationError.keys(path: directory, reason: "there is no signing key; make one with disburse key generate")
    }
    return try pair(.signing, number)
  }

  /// The certificates for partners in PEM: the one to encrypt to, then the one that signs results.
  func export() throws -> String {
    try Purpose.allCases.map { purpose in
      guard let number = try numbers(purpose).last else {
        throw StationError.keys(
          path: directory, reason: "there is no \(purpose.rawValue) key; make one with disburse key generate")
      }
      return try certificate(purpose, number).pem
    }.joined()
  }

  private func pair(_ purpose: Purpose, _ number: Int) throws -> KeyPair {
    let keyPath = path(purpose, number, "key")
    try Home.checkPrivacy(of: keyPath)
    return try KeyPair(
      certificate: certificate(purpose, number), privateKey: PrivateKey(pem: TextFile.read(keyPath)))
  }

  private func certificate(_ purpose: Purpose, _ number: Int) throws -> Certificate {
    try Certificate(pem: String(decoding: TextFile.read(path(purpose, number, "crt")), as: UTF8.self))
  }

  private func numbers(_ purpose: Purpose) throws -> [Int] {
    try TextFile.names(in: directory).compactMap { name in
      guard name.hasPrefix(purpose.rawValue + "-"), name.hasSuffix(".crt") else { return nil }
      return Int(name.dropFirst(purpose.rawValue.count + 1).dropLast(4))
    }.sorted()
  }

  private func path(_ purpose: Purpose, _ number: Int, _ suffix: String) -> String {
    "\(directory)/\(purpose.rawValue)-\(number).\(suffix)"
  }
}
