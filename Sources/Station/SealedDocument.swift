import Batch
import Cryptography
import Dispatch
import Envelope
import Glibc
import Partners
import Storage

/// A sealed file for those who have it in hand: a partner with a result, an operator with a batch.
public struct SealedDocument: Sendable {
  /// The subjects of those who signed.
  public let signers: [String]
  /// Whether the signers were checked against certificates that the caller trusts.
  public let signersArePinned: Bool
  private let sealed: SealedFile
  /// The files that were read to open it, which it is not written over.
  private let inputs: [String]
  /// The home whose keys opened it, if it was a home's.
  private let home: String?

  private init(
    _ sealed: SealedFile, pinnedTo trusted: [Certificate]?, inputs: [String], home: String? = nil
  ) throws {
    if let trusted, let stranger = sealed.signers.first(where: { !trusted.contains($0) }) {
      throw StationError.notPermitted(
        "the file is signed by \(stranger.subject), who is none of the signers that may have signed it")
    }
    self.sealed = sealed
    self.inputs = inputs
    self.home = home
    signers = sealed.signers.map(\.subject)
    signersArePinned = trusted != nil
  }

  /// Opens a file with a key that stands in files of its own.
  public static func open(_ path: String, certificate: String, key: String, signerCertificate: String?) async throws
    -> SealedDocument
  {
    let trusted = try signerCertificate.map(certificates)
    let ring = KeyRing([try pair(certificate, key)])
    return try SealedDocument(
      await opened(path, ring, trusted ?? []), pinnedTo: trusted,
      inputs: [path, certificate, key] + (signerCertificate.map { [$0] } ?? []))
  }

  static func open(_ path: String, _ ring: KeyRing, trusted: [Certificate], home: String) async throws
    -> SealedDocument
  {
    try SealedDocument(await opened(path, ring, trusted), pinnedTo: trusted, inputs: [path], home: home)
  }

  private static func opened(_ path: String, _ ring: KeyRing, _ known: [Certificate]) async throws -> SealedFile {
    try await offPool { try SealedFile(path: path, openedWith: ring, knownSigners: known, limits: EnvelopeLimits()) }
  }

  /// Hands on the document's bytes, in pieces; authentic, because the file was verified whole before.
  public func read(_ body: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void) async throws {
    _ = try await Self.offPool { [sealed] in try sealed.readDocument(body) }
  }

  /// Writes the document to a file with mode 0600, which is there whole or not at all.
  public func write(to path: String) async throws {
    try OutputPlace.check(path, besides: inputs, in: home)
    // The content is in the clear: it must not get into a file that others may read, nor through a link.
    try await Self.offPool { [sealed] in
      let writer = try DurableFileWriter(path: path, mode: 0o600)
      try sealed.readDocument { try writer.write($0) }
      try writer.commit()
    }
  }

  /// Seals the document at `path` into a new file: compressed, signed by each signer, encrypted to each recipient.
  public static func seal(
    _ path: String, to output: String, signers: [(certificate: String, key: String)], recipients: [String]
  ) async throws {
    try OutputPlace.check(output, besides: [path] + signers.flatMap { [$0.certificate, $0.key] } + recipients)
    let pairs = try signers.map { try pair($0.certificate, $0.key) }
    let recipients = try recipients.map { try certificates($0)[0] }
    try await offPool {
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw StationError.unreadable(path: path, reason: String(cString: strerror(errno)))
      }
      defer { close(descriptor) }
      let temporary = DurableFile.temporaryPath(beside: output)
      let writer = try writer(to: temporary, signers: pairs, recipients: recipients)
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        let count = try buffer.withUnsafeMutableBytes { bytes in
          let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
          if count > 0 { try writer.write(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
          return count
        }
        if count == 0 { break }
        if count < 0, errno != EINTR {
          throw StationError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
      }
      _ = try writer.finish()
      do { try DurableFile.commit(temporary: temporary, to: output) } catch {
        unlink(temporary)
        throw error
      }
    }
  }

  private static func writer(to path: String, signers: [KeyPair], recipients: [Certificate]) throws
    -> SealedFileWriter
  {
    do { return try SealedFileWriter(path: path, signers: signers, recipients: recipients) } catch {
      // The certificates are whose the command named.
      guard case .unusable(let reason) = error else { throw error }
      throw StationError.refused(reason)
    }
  }

  private static func pair(_ certificate: String, _ key: String) throws -> KeyPair {
    let certificate = try certificates(certificate)[0]
    let privateKey: PrivateKey
    do { privateKey = try PrivateKey(pem: TextFile.read(key)) } catch CryptoError.passphraseProtected {
      throw StationError.refused(
        "\(key) is under a passphrase; give this command a copy without one, from openssl pkey, and remove it afterwards"
      )
    }
    do { return try KeyPair(certificate: certificate, privateKey: privateKey) } catch {
      throw StationError.refused("\(key) is not the private key of the certificate \(certificate.subject)")
    }
  }

  private static func certificates(_ path: String) throws -> [Certificate] {
    let certificates: [Certificate]
    do { certificates = try Certificate.all(inPEM: String(decoding: TextFile.read(path), as: UTF8.self)) } catch let
      error as CryptoError
    {
      throw StationError.keys(path: path, reason: "not a certificate in PEM: \(error)")
    }
    guard !certificates.isEmpty else { throw StationError.keys(path: path, reason: "there is no certificate in it") }
    return certificates
  }

  private static let queue = DispatchQueue(label: "disburse.sealed", attributes: .concurrent)

  private static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: body)) }
    }
  }
}

extension Station {
  /// Opens a file that was sealed to this processor. Its signers must be registered partners', or who is named.
  public func open(_ path: String, signerCertificate: String?) async throws -> SealedDocument {
    let trusted =
      try signerCertificate.map { try Certificate.all(inPEM: String(decoding: TextFile.read($0), as: UTF8.self)) }
      ?? partners.all().flatMap(\.signingCertificates)
    return try await SealedDocument.open(path, keys.keyRing(at: clock.now()), trusted: trusted, home: home.path)
  }
}
