public import Batch
public import Cryptography

/// A person who may release, stop, and end batches: known by the system user, by a certificate, or both.
public struct Operator: Hashable, Sendable {
  /// The registered name, which the audit trail carries: 1–20 characters.
  public let name: String
  /// The login name under which they work on this machine.
  public let user: String?
  /// The certificate that their orders are signed with.
  public let certificate: Certificate?

  /// An operator whose parts were checked by the caller.
  public init(name: String, user: String?, certificate: Certificate?) {
    self.name = name
    self.user = user
    self.certificate = certificate
  }

  /// Whether this person is one of those who handed a batch in: by a key that signed it, or as the system user.
  ///
  /// - Parameter registered: the partner's signing certificates, by which one person's old and new keys are known.
  public func hasSubmitted(signerKeys: [String], among registered: [Certificate], submitter: String?) -> Bool {
    if submitter != nil, user == submitter { return true }
    guard let certificate else { return false }
    if signerKeys.contains(certificate.publicKeyDigest) { return true }
    let signers = registered.filter { signerKeys.contains($0.publicKeyDigest) }
    let all = registered + [certificate]
    // One more certificate that makes no more persons.
    return !signers.isEmpty && Signers.count(signers + [certificate], among: all) == Signers.count(signers, among: all)
  }

  /// The certificate, when it can vouch for an order at `now`.
  ///
  /// - Throws: `PartnersError.badOperator` when there is none, or it is not within its validity.
  public func signingCertificate(at now: Timestamp) throws(PartnersError) -> Certificate {
    guard let certificate else {
      throw .badOperator(
        "the operator \(name) has no certificate; register one with disburse operator update \(name) --cert FILE")
    }
    if let fault = CertificateUse.signing.fault(of: certificate, at: now.millisecondsSinceEpoch / 1_000) {
      throw .badOperator("\(fault); register another with disburse operator update \(name) --cert FILE")
    }
    return certificate
  }
}
