import Batch
import Cryptography
import Partners

/// What an operator says of a partner; what is `nil` stays as it is, or has its default.
public struct PartnerTerms: Sendable {
  /// Paths of PEM files, one for each signer.
  public var signingCertificates: [String] = []
  /// Paths of PEM files that results are encrypted to.
  public var encryptionCertificates: [String] = []
  /// Paths of PEM files whose certificates sign besides those that are registered.
  public var addedSigningCertificates: [String] = []
  /// Paths of PEM files that results are encrypted to besides.
  public var addedEncryptionCertificates: [String] = []
  /// SHA-256 fingerprints of certificates that go, each at least its first 8 hexadecimal digits; colons are passed over.
  public var removedCertificates: [String] = []
  /// How many different signers must have signed.
  public var requiredSignatures: Int?
  /// Whether a batch must state its control figures.
  public var requiresControl: Bool?
  /// The programmes it may use; an empty list lifts the limit.
  public var programs: [String]?
  /// The currencies it may use, ISO 4217; an empty list lifts the limit.
  public var currencies: [String]?
  /// The kinds of batch it may send; an empty list lifts the limit.
  public var kinds: [String]?
  /// Limits for one instruction, such as `50000RWF`; each replaces the limit of its currency, `none` lifts all.
  public var maximumInstruction: [String] = []
  /// Limits for one batch, such as `900000000RWF`; each replaces the limit of its currency, `none` lifts all.
  public var maximumBatch: [String] = []
  /// Limits for the batches of one UTC day together, such as `5000000RWF`; the same.
  public var maximumDay: [String] = []
  /// Whether its batches are paid only after an operator's release.
  public var requiresRelease: Bool?
  /// The share of failures that holds the rest of a batch, such as `20%`; `none` for never.
  public var stopAtFailureRate: String?
  /// How many must have been answered before the share counts.
  public var stopAfterAtLeast: Int?
  /// `continue` or `reject-batch`.
  public var onInvalidInstruction: String?
  /// `reject-batch` or `reject-instruction`.
  public var onDuplicate: String?
  /// The program that gets notices, `none` for none.
  public var noticeCommand: String?
  /// The directory that gets notices, `none` for none.
  public var noticeDirectory: String?

  /// Terms that say nothing.
  public init() {}
}

extension Station {
  /// What `terms` makes of a partner.
  func partner(_ name: String, _ terms: PartnerTerms, over present: Partner) throws -> Partner {
    var policy = present.policy
    if let required = terms.requiredSignatures { policy.requiredSignatures = required }
    if let requires = terms.requiresControl { policy.requiresControl = requires }
    if let programs = terms.programs { policy.programs = programs.isEmpty ? nil : Set(programs) }
    if let codes = terms.currencies {
      policy.currencies = codes.isEmpty ? nil : Set(try codes.map(Currency.init(named:)))
    }
    if let kinds = terms.kinds { policy.kinds = kinds.isEmpty ? nil : Set(try kinds.map(BatchKind.init(policyName:))) }
    policy.maximumInstruction = try Self.limits(terms.maximumInstruction, over: policy.maximumInstruction)
    policy.maximumBatch = try Self.limits(terms.maximumBatch, over: policy.maximumBatch)
    policy.maximumDay = try Self.limits(terms.maximumDay, over: policy.maximumDay)
    if let requires = terms.requiresRelease { policy.requiresRelease = requires }
    policy.failureLimit = try Self.failureLimit(terms, over: policy.failureLimit)
    if let word = terms.onInvalidInstruction {
      policy.onInvalidInstruction = try Self.rule(word, "--on-invalid-instruction")
    }
    if let word = terms.onDuplicate { policy.onDuplicate = try Self.rule(word, "--on-duplicate") }
    func target(_ word: String?, over present: String?) -> String? {
      word.map { $0.isEmpty || $0 == "none" ? nil : $0 } ?? present
    }
    policy.notices = try NoticeTargets(
      command: target(terms.noticeCommand, over: policy.notices.command),
      directory: target(terms.noticeDirectory, over: policy.notices.directory))
    let (signing, encryption) = try certificates(after: terms, over: present)
    return Partner(
      name: name, signingCertificates: signing, encryptionCertificates: encryption, policy: policy)
  }

  /// The certificates after an operator's words: some take the place of all, some go, some are added.
  private func certificates(after terms: PartnerTerms, over present: Partner) throws
    -> (signing: [Certificate], encryption: [Certificate])
  {
    func named(_ paths: [String], _ use: CertificateUse) throws -> [Certificate] {
      try paths.flatMap { try certificates($0, for: use) }
    }
    let (newSigning, newEncryption) = (
      try named(terms.signingCertificates, .signing), try named(terms.encryptionCertificates, .encryption)
    )
    var signing = newSigning.isEmpty ? present.signingCertificates : newSigning
    var encryption = newEncryption.isEmpty ? present.encryptionCertificates : newEncryption
    for word in terms.removedCertificates {
      let certificate = try Self.certificate(word, of: signing + encryption, partner: present.name)
      signing.removeAll { $0 == certificate }
      encryption.removeAll { $0 == certificate }
    }
    for certificate in try named(terms.addedSigningCertificates, .signing) where !signing.contains(certificate) {
      signing.append(certificate)
    }
    for certificate in try named(terms.addedEncryptionCertificates, .encryption)
    where !encryption.contains(certificate) {
      encryption.append(certificate)
    }
    return (signing, encryption)
  }

  /// The certificate that a fingerprint, or the beginning of one, names.
  private static func certificate(_ word: String, of certificates: [Certificate], partner: String)
    throws(StationError) -> Certificate
  {
    let digits = word.lowercased().filter { $0 != ":" }
    guard (8...64).contains(digits.count), digits.allSatisfy(\.isHexDigit) else {
      throw .refused("\(word) is no SHA-256 fingerprint: write its 64 hexadecimal digits, or at least the first 8")
    }
    let found = Set(certificates.filter { $0.fingerprint.hasPrefix(digits) })
    guard let certificate = found.first else {
      throw .notFound("\(partner) has no certificate \(word); disburse partner show \(partner) lists those that it has")
    }
    guard found.count == 1 else { throw .refused("several certificates begin with \(word); write more of it") }
    return certificate
  }

  /// The limits after an operator's words, each of which is an amount, or lifts them all.
  private static func limits(_ words: [String], over present: [Currency: Money]) throws(StationError)
    -> [Currency: Money]
  {
    var limits = present
    for word in words {
      if word.isEmpty || word == "none" {
        limits = [:]
      } else {
        let limit = try Money(limit: word)
        limits[limit.currency] = limit
      }
    }
    return limits
  }

  private static func failureLimit(_ terms: PartnerTerms, over present: FailureLimit?) throws(StationError)
    -> FailureLimit?
  {
    guard terms.stopAtFailureRate != nil || terms.stopAfterAtLeast != nil else { return present }
    let word = terms.stopAtFailureRate ?? present?.description
    if word == "none" || word == "" {
      guard terms.stopAfterAtLeast == nil else {
        throw .refused("--stop-after-at-least goes with a rate, not with none")
      }
      return nil
    }
    guard let word else { throw .refused("--stop-after-at-least goes with --stop-at-failure-rate") }
    let minimum = terms.stopAfterAtLeast ?? present?.minimumAnswers ?? FailureLimit.defaultMinimumAnswers
    guard let limit = FailureLimit(word, minimumAnswers: minimum) else {
      throw .refused(
        "--stop-at-failure-rate is 1% to 100%, or none, and --stop-after-at-least 1 or more, not \(word) and \(minimum)"
      )
    }
    return limit
  }

  private static func rule<Rule: RawRepresentable & CaseIterable>(_ word: String, _ option: String) throws(StationError)
    -> Rule where Rule.RawValue == String
  {
    guard let rule = Rule(rawValue: word) else {
      throw .refused("\(option) is \(Rule.allCases.map(\.rawValue).joined(separator: " or ")), not \(word)")
    }
    return rule
  }

  func certificates(_ path: String, for use: CertificateUse) throws -> [Certificate] {
    let certificates: [Certificate]
    do { certificates = try Certificate.all(inPEM: String(decoding: TextFile.read(path), as: UTF8.self)) } catch let
      error as CryptoError
    {
      throw StationError.keys(path: path, reason: "not a certificate in PEM: \(error)")
    }
    guard !certificates.isEmpty else { throw StationError.keys(path: path, reason: "there is no certificate in it") }
    try DemoKeys.refuse(certificates, in: configuration)
    let now = clock.now().millisecondsSinceEpoch / 1_000
    for certificate in certificates {
      if let fault = use.fault(of: certificate, at: now) { throw StationError.certificate(path: path, reason: fault) }
    }
    return certificates
  }
}

extension Currency {
  /// The currency of an operator's word.
  init(named code: String) throws(StationError) {
    guard let currency = Currency(code: code) else {
      throw .refused("\(code) is no currency of ISO 4217; write it in capital letters, such as RWF")
    }
    self = currency
  }
}

extension Money {
  /// The amount of an operator's word such as `50000RWF` or `12.50EUR`.
  init(limit text: String) throws(StationError) {
    let code = String(text.suffix(3))
    let currency = try Currency(named: code)
    let number = text.dropLast(3).filter { $0 != " " }
    guard let amount = Money(decimal: String(number), currency: currency), amount.minorUnits > 0 else {
      throw .refused("\(text) is no amount: write a number and the currency together, such as 50000RWF")
    }
    self = amount
  }

  /// The amount of an operator's two words such as `5000000` and `RWF`.
  init(_ number: String, _ code: String) throws(StationError) {
    let currency = try Currency(named: code)
    guard let amount = Money(decimal: number, currency: currency), amount.minorUnits > 0 else {
      throw .refused("\(number) is no amount of \(code) above zero")
    }
    self = amount
  }
}
