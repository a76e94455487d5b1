public import Batch
import Cryptography

/// Tells how many persons certificates stand for. A person who changes over has an old and a new certificate, over the
/// same key or over another, and is still one who signs.
enum Signers {
  /// How many different signers `certificates` are, when `registered` are all that the partner has.
  ///
  /// Certificates over one key or with one subject name are one signer's, and so are those that others connect: an old
  /// certificate, one with another name over the same key, one with another key under that name. Without names in them
  /// certificates can't be told apart, and are one signer's.
  static func count(_ certificates: [Certificate], among registered: [Certificate] = []) -> Int {
    var groups: [[Certificate]] = []
    for certificate in Set(certificates + registered) {
      let belongs = { (group: [Certificate]) in group.contains { isOne($0, certificate) } }
      let joined = groups.filter(belongs).flatMap(\.self) + [certificate]
      groups = groups.filter { !belongs($0) } + [joined]
    }
    let asked = Set(certificates)
    return groups.filter { !asked.isDisjoint(with: $0) }.count
  }

  private static func isOne(_ left: Certificate, _ right: Certificate) -> Bool {
    left.publicKeyDigest == right.publicKeyDigest || left.hasSameSubject(as: right)
  }
}

extension Partner {
  /// How many different signers it has whose certificates are valid at `now`.
  public func signerCount(at now: Timestamp) -> Int {
    Signers.count(
      signingCertificates.filter { $0.isValid(at: now.millisecondsSinceEpoch / 1_000) }, among: signingCertificates)
  }
}
