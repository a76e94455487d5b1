public import Cryptography

/// What a partner's certificate is registered for, and which keys are fit for it: those that the envelope takes.
public enum CertificateUse: Hashable, Sendable {
  /// It signs what the partner sends.
  case signing
  /// What the partner gets is encrypted to it.
  case encryption

  private static let minimumRSABits = 2_048

  /// What keeps the certificate's key from this use, in words; `nil` when nothing does.
  public func fault(of certificate: Certificate) -> String? {
    let accepted: String
    switch (self, certificate.keyAlgorithm) {
    case (_, .rsa(let bits)) where bits >= Self.minimumRSABits: return nil
    case (.signing, .ec(let curve)) where ["P-256", "P-384", "P-521"].contains(curve): return nil
    case (.encryption, .ec(let curve)) where ["P-256", "P-384"].contains(curve): return nil
    case (.signing, .ed25519): return nil
    case (.signing, _):
      accepted = "batches can be signed with RSA of at least 2048 bits, EC P-256, P-384 or P-521, or Ed25519"
    case (.encryption, _):
      accepted = "results can be encrypted to RSA of at least 2048 bits, EC P-256 or P-384"
    }
    return "the key of \(certificate.subject) is \(certificate.keyDescription); \(accepted)"
  }

  /// What keeps the certificate from this use at an instant, in seconds since the epoch: its key or its validity.
  public func fault(of certificate: Certificate, at seconds: Int64) -> String? {
    if let fault = fault(of: certificate) { return fault }
    if seconds < certificate.notBefore { return "the certificate \(certificate.subject) is not valid yet" }
    if seconds > certificate.notAfter { return "the certificate \(certificate.subject) has expired" }
    return nil
  }
}
