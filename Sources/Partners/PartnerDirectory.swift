import Batch
public import Cryptography
import FoundationEssentials
import Storage
import Yams

/// The register of partners: a directory with a file for each, certificates beside it.
public struct PartnerDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// The register at `path`, which exists.
  public init(path: String) { self.path = path }

  /// The names of all partners, without reading what is registered of them.
  public func names() throws(PartnersError) -> [String] {
    do {
      let files = try FileManager.default.contentsOfDirectory(atPath: path)
      return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
    } catch {
      throw .unusable(path: path, reason: "the directory of partners can't be read: \(error)")
    }
  }

  /// All partners, by name.
  public func all() throws(PartnersError) -> [Partner] {
    var partners: [Partner] = []
    for name in try names() {
      let partner = try partner(named: name)
      // Whoever both speak for would be the first of them.
      try checkOwnership(of: partner, among: partners)
      partners.append(partner)
    }
    return partners
  }

  /// The partner of that name.
  public func partner(named name: String) throws(PartnersError) -> Partner {
    guard Self.isName(name) else { throw .badName(name) }
    let file = file(of: name)
    guard FileManager.default.fileExists(atPath: file) else { throw .unknown(name: name) }
    let record: PartnerRecord
    do {
      let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
      try PartnerRecord.checkKeys(of: text)
      record = try YAMLDecoder().decode(PartnerRecord.self, from: text)
    } catch let error as PartnersError {
      throw .unusable(path: file, reason: "\(error)")
    } catch { throw .unusable(path: file, reason: "not a partner's file: \(error)") }
    guard record.name == name else {
      throw .unusable(path: file, reason: "it names \(record.name); a partner's file has its name")
    }
    let signing = try record.signingCertificates.map(certificate)
    let encryption = try record.encryptionCertificates.map(certificate)
    do throws(PartnersError) {
      let partner = Partner(
        name: name, signingCertificates: signing, encryptionCertificates: encryption, policy: try record.policy())
      try check(partner)
      return partner
    } catch { throw .unusable(path: file, reason: "\(error)") }
  }

  /// The partner that every signer belongs to.
  ///
  /// - Throws: a `Rejection` with `unknown-signer` when one is nobody's, `sender-mismatch` when they are several
  ///   partners'.
  public func owner(of signers: [Certificate]) throws -> Partner {
    let partners = try all()
    var owner: Partner?
    for signer in signers {
      guard let partner = partners.first(where: { $0.signingCertificates.contains(signer) }) else {
        throw Rejection(
          Problem(
            .unknownSigner,
            "the signer \(signer.subject) (SHA-256 \(signer.fingerprint.prefix(16))…) is not registered for any partner"
          ))
      }
      if let owner, owner.name != partner.name {
        throw Rejection(
          Problem(.senderMismatch, "the signers belong to several partners: \(owner.name) and \(partner.name)"))
      }
      owner = partner
    }
    guard let owner else { throw Rejection(Problem(.notSigned, "nobody has signed the file")) }
    return owner
  }

  /// Registers a new partner.
  public func add(_ partner: Partner) throws(PartnersError) {
    guard Self.isName(partner.name) else { throw .badName(partner.name) }
    guard !FileManager.default.fileExists(atPath: file(of: partner.name)) else { throw .exists(name: partner.name) }
    try store(partner)
  }

  /// Replaces what is registered under the partner's name.
  public func update(_ partner: Partner) throws(PartnersError) {
    _ = try self.partner(named: partner.name)
    try store(partner)
  }

  /// Takes a partner off the register. Its certificates stay as files and mean nothing.
  public func remove(named name: String) throws(PartnersError) {
    // Not read: a partner whose file can't be used can be removed.
    guard Self.isName(name) else { throw .badName(name) }
    guard FileManager.default.fileExists(atPath: file(of: name)) else { throw .unknown(name: name) }
    do { try FileManager.default.removeItem(atPath: file(of: name)) } catch {
      throw .unusable(path: file(of: name), reason: "it can't be removed: \(error)")
    }
  }

  private func store(_ partner: Partner) throws(PartnersError) {
    try check(partner)
    try checkOwnership(of: partner, among: all())
    let signing = try partner.signingCertificates.map { certificate throws(PartnersError) in
      try store(certificate, as: "\(partner.name).signing")
    }
    let encryption = try partner.encryptionCertificates.map { certificate throws(PartnersError) in
      try store(certificate, as: "\(partner.name).encryption")
    }
    let path = file(of: partner.name)
    do {
      let text = try YAMLEncoder().encode(PartnerRecord(partner, signing: signing, encryption: encryption))
      try DurableFile.write(Array(text.utf8), to: path, mode: 0o600)
    } catch { throw .unusable(path: path, reason: "it can't be written: \(error)") }
  }

  /// What must hold of every partner, newly registered or read from its file. Validity is not among it: a certificate
  /// that has ended says so when it signs, and its partner stays registered.
  private func check(_ partner: Partner) throws(PartnersError) {
    guard !partner.signingCertificates.isEmpty, !partner.encryptionCertificates.isEmpty else {
      throw .badPolicy("a partner needs a signing certificate and an encryption certificate")
    }
    for certificate in partner.signingCertificates {
      if let fault = CertificateUse.signing.fault(of: certificate) { throw .badPolicy(fault) }
    }
    for certificate in partner.encryptionCertificates {
      if let fault = CertificateUse.encryption.fault(of: certificate) { throw .badPolicy(fault) }
    }
    let required = partner.policy.requiredSignatures
    let signers = Signers.count(partner.signingCertificates)
    guard required >= 1 else { throw .badPolicy("at least 1 signature must be required, not \(required)") }
    guard required <= signers else {
      throw .badPolicy(
        """
        \(required) signatures can't be required of \(signers) signer\(signers == 1 ? "" : "s"): certificates over one key, or \
        with one subject name, are one signer's; register those of more signers
        """)
    }
  }

  /// Refuses a signer whose key speaks for another partner.
  private func checkOwnership(of partner: Partner, among others: [Partner]) throws(PartnersError) {
    let keys = Set(partner.signingCertificates.map(\.publicKeyDigest))
    for other in others where other.name != partner.name {
      if let taken = other.signingCertificates.first(where: { keys.contains($0.publicKeyDigest) }) {
        throw .certificateTaken(subject: taken.subject, by: other.name)
      }
    }
  }

  private func store(_ certificate: Certificate, as prefix: String) throws(PartnersError) -> String {
    let name = "\(prefix)-\(certificate.fingerprint.prefix(16)).crt"
    do { try DurableFile.write(Array(certificate.pem.utf8), to: "\(path)/\(name)", mode: 0o600) } catch {
      throw .unusable(path: "\(path)/\(name)", reason: "it can't be written: \(error)")
    }
    return name
  }

  private func certificate(_ name: String) throws(PartnersError) -> Certificate {
    let file = "\(path)/\(name)"
    do { return try Certificate(pem: String(contentsOf: URL(filePath: file), encoding: .utf8)) } catch {
      throw .unusable(path: file, reason: "not a certificate in PEM: \(error)")
    }
  }

  private func file(of name: String) -> String { "\(path)/\(name).yaml" }

  /// Whether `name` can be a partner's: it is a part of file names, so it has no slash and no leading dot.
  static func isName(_ name: String) -> Bool {
    guard (1...20).contains(name.utf8.count), let first = name.utf8.first else { return false }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    return isAlphanumeric(first) && name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
  }
}
