import Foundation

/// A key pair as a partner makes it, with nothing but `openssl`.
public struct PartnerKey: Sendable {
  /// Where the certificate is, in PEM.
  public let certificate: String
  /// Where the private key is, in PEM.
  public let key: String

  /// A pair that is there already.
  public init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  /// What a certificate is for.
  public enum Usage: String, Sendable {
    /// It signs batches.
    case signature = "digitalSignature"
    /// Results are encrypted to it.
    case agreement = "keyAgreement"
  }

  /// Makes an EC P-256 pair with a certificate of its own.
  ///
  /// - Parameter validity: the first and the last second, as `openssl ca` takes them: `20200101000000Z`.
  public init(
    _ name: String, for usage: Usage, in directory: TemporaryDirectory, validity: (from: String, to: String)? = nil
  ) throws {
    certificate = directory.file("\(name).crt")
    key = directory.file("\(name).key")
    let configuration = try directory.write(
      """
      [req]
      distinguished_name = name
      x509_extensions = extensions
      [name]
      [extensions]
      basicConstraints = critical, CA:FALSE
      keyUsage = critical, \(usage.rawValue)
      subjectKeyIdentifier = hash
      [ca]
      default_ca = authority
      [authority]
      database = \(directory.file("\(name).index"))
      new_certs_dir = \(directory.path)
      rand_serial = yes
      default_md = sha256
      policy = policy
      x509_extensions = extensions
      [policy]
      commonName = supplied
      """.utf8, as: "\(name).cnf")
    let request = [
      "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256", "-nodes", "-subj", "/CN=\(name)",
      "-keyout", key, "-config", configuration,
    ]
    guard let validity else {
      try Command.openssl(["req", "-x509", "-days", "60", "-out", certificate] + request)
      return
    }
    let unsigned = directory.file("\(name).csr")
    try Command.openssl(["req", "-new", "-out", unsigned] + request)
    try directory.write([], as: "\(name).index")
    try Command.openssl([
      "ca", "-batch", "-selfsign", "-notext", "-config", configuration, "-in", unsigned, "-keyfile", key,
      "-startdate", validity.from, "-enddate", validity.to, "-out", certificate,
    ])
  }
}

/// The keys of a partner, made once for all tests of a process.
public struct PartnerKeys: Sendable {
  /// Signs first.
  public let maker: PartnerKey
  /// Adds the second signature.
  public let checker: PartnerKey
  /// Opens results.
  public let encryption: PartnerKey
  /// Belongs to nobody that is registered.
  public let stranger: PartnerKey
  /// Its certificate has ended.
  public let expired: PartnerKey
  /// Its certificate has not begun.
  public let early: PartnerKey
  private let directory: TemporaryDirectory

  private init() throws {
    directory = try TemporaryDirectory()
    maker = try PartnerKey("maker", for: .signature, in: directory)
    checker = try PartnerKey("checker", for: .signature, in: directory)
    encryption = try PartnerKey("encryption", for: .agreement, in: directory)
    stranger = try PartnerKey("stranger", for: .signature, in: directory)
    expired = try PartnerKey(
      "expired", for: .signature, in: directory, validity: ("20200101000000Z", "20210101000000Z"))
    early = try PartnerKey("early", for: .signature, in: directory, validity: ("20900101000000Z", "20990101000000Z"))
  }

  private static let made = Result { try PartnerKeys() }

  /// The one set.
  public static var shared: PartnerKeys { get throws { try made.get() } }
}
