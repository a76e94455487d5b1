public import Cryptography

/// A certificate and the private key that belongs to it.
public struct KeyPair: Sendable {
  /// The public half, by which others name the pair.
  public let certificate: Certificate
  /// The private half.
  public let privateKey: PrivateKey

  /// A pair; throws `unusable` when the key is another certificate's.
  public init(certificate: Certificate, privateKey: PrivateKey) throws(EnvelopeError) {
    guard privateKey.matches(certificate) else {
      throw .unusable("the private key does not belong to the certificate \(certificate.subject)")
    }
    self.certificate = certificate
    self.privateKey = privateKey
  }
}

/// The pairs that a sealed file may be encrypted to: the current one, and older ones while partners change over.
public struct KeyRing: Sendable {
  /// In the order in which they are tried.
  public let pairs: [KeyPair]

  /// A ring of these pairs.
  public init(_ pairs: [KeyPair]) {
    self.pairs = pairs
  }
}
