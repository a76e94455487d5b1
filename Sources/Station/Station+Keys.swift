public import Batch
public import Cryptography
import Journal
import Storage

/// What `key rotate` did.
public struct KeyRotation: Sendable {
  /// When the older pairs end, at the latest.
  public let oldEnds: Timestamp
  /// All pairs as they stand now.
  public let keys: [ProcessorKeys.Entry]
}

extension Station {
  /// How long the older pairs last when nothing is said: long enough for every partner to take the new certificate.
  public static let oldKeysEnd = "90d"

  /// The processor's key pairs.
  public func keyList() throws -> [ProcessorKeys.Entry] { try keys.list(at: clock.now()) }

  /// Makes a new pair for each purpose; `algorithm` is a word such as `ec-p256`. The older pairs stay as they are, until
  /// their certificates end.
  public func generateKeys(algorithm: String) async throws {
    let algorithm = try Self.algorithm(algorithm)
    try await change(AuditEvent(.keyGenerated, by: actor)) {
      try keys.generate(algorithm, for: configuration.processorID, at: clock.now())
    } certificates: {
      $0
    }
  }

  /// Makes a new pair for each purpose, which is used from now on, and lets the older ones end.
  ///
  /// - Parameters:
  ///   - algorithm: a word such as `ec-p256`; `nil` for the one of the present pair.
  ///   - oldEnds: after so many days such as `90d`, or at an instant such as `2027-02-01T00:00:00Z`.
  public func rotateKeys(algorithm: String?, oldEnds: String = Station.oldKeysEnd) async throws -> KeyRotation {
    let now = clock.now()
    let end = try Self.end(oldEnds, from: now)
    let present = try keys.list(at: now).last { $0.isCurrent }?.certificate.keyAlgorithm
    let algorithm = try algorithm.map(Self.algorithm) ?? present.flatMap(GeneratedKeyAlgorithm.init(like:)) ?? .ecP256
    try await change(AuditEvent(.keyRotated, by: actor, details: [.init("oldEnds", end.rfc3339)])) {
      try keys.rotate(algorithm, for: configuration.processorID, oldEnds: end, at: now)
    } certificates: {
      $0
    }
    return KeyRotation(oldEnds: end, keys: try keyList())
  }

  /// Writes the private keys anew under the present passphrase; answers the certificates of those that were not under it.
  ///
  /// - Parameter oldPassphraseFile: where the passphrase is that they are under now, when it is another.
  public func protectKeys(oldPassphraseFile: String?) async throws -> [Certificate] {
    try await change(AuditEvent(.keyProtected, by: actor)) {
      try keys.protect(from: oldPassphraseFile.map { PassphraseFile(path: $0, isCredential: false) })
    } certificates: {
      $0
    }
  }

  /// The certificates for partners in PEM, also written to the file at `output` when it is given.
  ///
  /// - Parameter includingOlder: whether those of older pairs are among them that are still in force.
  public func exportCertificates(includingOlder: Bool = false, to output: String?) throws -> String {
    let pem = try keys.export(includingOlder: includingOlder, at: clock.now())
    if let output {
      try OutputPlace.check(output, in: home.path)
      try DurableFile.write(Array(pem.utf8), to: output, mode: 0o644)
    }
    return pem
  }

  private static func algorithm(_ word: String) throws(StationError) -> GeneratedKeyAlgorithm {
    if let algorithm = GeneratedKeyAlgorithm(rawValue: word) { return algorithm }
    let names = GeneratedKeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    throw .refused("\(word) is no algorithm for keys; there are \(names)")
  }

  /// The instant that an operator's word names.
  private static func end(_ word: String, from now: Timestamp) throws(StationError) -> Timestamp {
    if word.hasSuffix("d"), let days = Int64(word.dropLast()), (0...3_650).contains(days) {
      return Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + days * 86_400_000)
    }
    guard let end = Timestamp(rfc3339: word) else {
      throw .refused("\(word) is no end for keys: write days such as 90d, or an instant such as 2027-02-01T00:00:00Z")
    }
    guard end >= now else { throw .refused("\(word) is over; 0d ends the older keys now") }
    return end
  }
}

extension GeneratedKeyAlgorithm {
  /// The kind that a key is of, if it is one that is made here.
  fileprivate init?(like algorithm: KeyAlgorithm) {
    switch algorithm {
    case .ec("P-256"): self = .ecP256
    case .ec("P-384"): self = .ecP384
    case .rsa(let bits) where bits <= 3_072: self = .rsa3072
    case .rsa: self = .rsa4096
    case .ec, .ed25519, .other: return nil
    }
  }
}
