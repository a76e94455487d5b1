import Batch
import Cryptography
import Storage

extension ProcessorKeys {
  private static let validityDays = 3 * 365
  // A partner's clock may be behind ours when the certificate reaches it.
  private static let backdatingSeconds: Int64 = 3_600

  /// Makes a pair for each purpose beside those that are there; answers the certificates.
  @discardableResult
  func generate(_ algorithm: GeneratedKeyAlgorithm, for processorID: String, at now: Timestamp) throws
    -> [Certificate]
  {
    try checkPassphrase()
    let passphrase = try passphraseFile?.read()
    return try Purpose.allCases.map { purpose in
      // A key whose certificate was not written any more keeps its number.
      let number = try (numbers(purpose, of: ["crt", "key"]).last ?? 0) + 1
      let key = try PrivateKey.generate(algorithm)
      let certificate = try Certificate.selfSigned(
        for: key, commonName: "\(processorID) \(purpose.rawValue) \(number)", organization: nil,
        purpose: purpose == .encryption ? .encryption : .signing,
        notBefore: now.millisecondsSinceEpoch / 1_000 - Self.backdatingSeconds, days: Self.validityDays)
      // The key first: a certificate without its key would be handed out and open nothing.
      try PrivateKeyFile(path(purpose, number, "key")).store(key, under: passphrase, replacing: false)
      try DurableFile.write(
        Array(certificate.pem.utf8), to: path(purpose, number, "crt"), mode: 0o600, replacing: false)
      return certificate
    }
  }

  /// Checks that the passphrase at hand, or that there is none, is as with the current pairs: a service whose credential
  /// has it could open new pairs in clear, and nobody would know; with another passphrase it could open nothing.
  private func checkPassphrase() throws {
    for purpose in Purpose.allCases {
      guard let number = try numbers(purpose).last else { continue }
      let file = PrivateKeyFile(path(purpose, number, "key"))
      if try file.isProtected() { _ = try file.load(passphraseFile) }
    }
  }

  /// Makes a pair for each purpose, and lets those that are there end at `end`, or sooner where that was said before.
  func rotate(_ algorithm: GeneratedKeyAlgorithm, for processorID: String, oldEnds end: Timestamp, at now: Timestamp)
    throws -> [Certificate]
  {
    try checkPassphrase()
    // The ends first. They mean nothing to a pair that is the current one, so a rotation that was stopped here has
    // changed nothing, and is done by the next; the other way round it would leave pairs that never end.
    for purpose in Purpose.allCases {
      for number in try numbers(purpose) {
        let end = min(end, try statedEnd(purpose, number) ?? end)
        try DurableFile.write(Array("\(end.rfc3339)\n".utf8), to: path(purpose, number, "ends"), mode: 0o600)
      }
    }
    return try generate(algorithm, for: processorID, at: now)
  }

  /// Writes every private key anew under the present passphrase, each whole or not at all; answers the certificates of
  /// those that were not under it.
  ///
  /// - Parameter old: where the passphrase is that they are under now, when it is another.
  /// - Throws: `refused` when there is no passphrase.
  func protect(from old: PassphraseFile?) throws -> [Certificate] {
    guard let passphraseFile else {
      throw StationError.refused(
        "there is no passphrase: name its file in keys.passphraseFile of disburse.yaml, or give the credential "
          + PassphraseFile.credentialName)
    }
    let passphrase = try passphraseFile.read()
    var changed: [Certificate] = []
    for purpose in Purpose.allCases {
      for number in try numbers(purpose) {
        let file = PrivateKeyFile(path(purpose, number, "key"))
        try Home.checkPrivacy(of: file.path)
        if try file.isProtected(), (try? file.load(passphraseFile)) != nil { continue }
        try file.store(file.load(old ?? passphraseFile), under: passphrase, replacing: true)
        changed.append(try certificate(purpose, number))
      }
    }
    return changed
  }
}
