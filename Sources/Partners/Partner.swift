public import Batch
public import Cryptography

/// A system that may send batches: its pinned certificates and what it may do with them.
public struct Partner: Sendable {
  /// The registered name, which its documents carry as `sourceBBID`: 1–20 characters.
  public let name: String
  /// The certificates of its signers; no other signer speaks for it.
  public let signingCertificates: [Certificate]
  /// The certificates that results are encrypted to; each of their keys opens a result.
  public let encryptionCertificates: [Certificate]
  /// What it may do.
  public let policy: PartnerPolicy

  /// A partner whose parts were checked by the caller.
  public init(
    name: String, signingCertificates: [Certificate], encryptionCertificates: [Certificate], policy: PartnerPolicy
  ) {
    self.name = name
    self.signingCertificates = signingCertificates
    self.encryptionCertificates = encryptionCertificates
    self.policy = policy
  }

  /// The certificates that a result can be sealed to at `now`: of a fit key, and within their validity.
  ///
  /// Ask before anything is paid: whoever was paid without an answer can't be told.
  ///
  /// - Throws: `PartnersError.noSealableCertificate` when there is none.
  public func sealableCertificates(at now: Timestamp) throws(PartnersError) -> [Certificate] {
    let second = now.millisecondsSinceEpoch / 1_000
    let sealable = encryptionCertificates.filter { CertificateUse.encryption.fault(of: $0, at: second) == nil }
    guard sealable.isEmpty else { return sealable }
    let faults = encryptionCertificates.compactMap { CertificateUse.encryption.fault(of: $0, at: second) }
    throw .noSealableCertificate(partner: name, reason: faults.joined(separator: "; "))
  }

  /// Checks that the signers of a file are enough of this partner's, each within its validity.
  ///
  /// - Throws: a `Rejection` with `signer-expired` or `not-enough-signatures`.
  public func authorize(_ signers: [Certificate], at now: Timestamp) throws(Rejection) {
    let second = now.millisecondsSinceEpoch / 1_000
    for signer in signers where !signer.isValid(at: second) {
      throw Rejection(
        Problem(
          .signerExpired,
          "the certificate of the signer \(signer.subject) is not within its validity; sign with a current one"))
    }
    let different = Signers.count(signers, among: signingCertificates)
    if different < policy.requiredSignatures {
      throw Rejection(
        Problem(
          .notEnoughSignatures,
          """
          \(different) of the \(policy.requiredSignatures) signatures that \(name) needs are there; add one with \
          openssl cms -resign before encrypting
          """))
    }
  }
}
