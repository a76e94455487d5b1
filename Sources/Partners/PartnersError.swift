/// What goes wrong with the register of partners.
public enum PartnersError: Error, Hashable, Sendable {
  /// Nobody is registered under the name.
  case unknown(name: String)
  /// The name is taken.
  case exists(name: String)
  /// The name is not 1–20 characters of the allowed set.
  case badName(String)
  /// The file of a partner, or a certificate it names, can't be used.
  case unusable(path: String, reason: String)
  /// The certificate speaks for another partner already.
  case certificateTaken(subject: String, by: String)
  /// No certificate of the partner is fit to encrypt a result to.
  case noSealableCertificate(partner: String, reason: String)
  /// No operator is registered under the name.
  case unknownOperator(name: String)
  /// An operator, or their certificate, that can't be.
  case badOperator(String)
  /// A rule that can't be: more signatures than signers, a limit without a currency.
  case badPolicy(String)
}

extension PartnersError: CustomStringConvertible {
  /// One line for people: what happened, where, and what to do.
  public var description: String {
    switch self {
    case .unknown(let name): "no partner \(name) is registered; see disburse partner list"
    case .exists(let name): "the partner \(name) is registered already; change it with disburse partner update"
    case .badName(let name):
      "\(name) can't be a partner's or an operator's name: it has 1 to 20 characters of A-Z a-z 0-9 . _ - and begins with a letter or digit"
    case .unusable(let path, let reason): "\(path): \(reason)"
    case .certificateTaken(let subject, let partner):
      "the signing certificate \(subject) belongs to the partner \(partner); each signer speaks for one partner"
    case .noSealableCertificate(let partner, let reason):
      """
      a result for \(partner) can't be encrypted: \(reason.isEmpty ? "no certificate is registered" : reason); register \
      another with disburse partner update \(partner) --encryption-cert
      """
    case .unknownOperator(let name): "no operator \(name) is registered; see disburse operator list"
    case .badPolicy(let reason), .badOperator(let reason): reason
    }
  }
}
