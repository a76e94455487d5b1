import Batch
import Cryptography
import Envelope
import Journal
import Storage

/// `audit.head`: the head of the audit trail, signed by the processor, beside the journal.
///
/// It never goes back, and never leaves a head behind that is not in the trail: what it says of a trail that was cut or
/// written anew is the evidence. A file that is missing is not begun anew.
struct AuditHeadFile: Sendable {
  /// A head as the file has it, its signature not yet looked at.
  struct Signed: Sendable {
    let processorID: String
    let head: AuditHead
    let at: Timestamp
    /// The fingerprint of the certificate whose key signed it.
    let certificate: String
    let signature: [UInt8]
  }

  private static let format = "disburse audit head 1"

  let path: String
  /// What keeps two processes from writing it at once.
  let lockPath: String
  let processorID: String
  let keys: ProcessorKeys

  /// The file; `nil` when there is none.
  func read() throws -> Signed? {
    guard FileAccess.exists(path) else { return nil }
    func fault(_ reason: String) -> StationError { .configuration(path: path, reason: reason) }
    let value: JSONValue
    do { value = try JSONValue(parsing: TextFile.read(path)) } catch let error as JSONSyntaxError {
      throw fault("it is no JSON: \(error.message)")
    }
    func text(_ name: String) throws -> String {
      guard let text = value[name]?.text else { throw fault("\(name) is missing") }
      return text
    }
    guard try text("format") == Self.format else { throw fault("it has a format that this program does not know") }
    guard let head = AuditHead(try text("head")), let at = Timestamp(rfc3339: try text("at")),
      let signature = Hexadecimal.bytes(try text("signature"))
    else { throw fault("its head, its instant or its signature can't be read") }
    return Signed(
      processorID: try text("processorID"), head: head, at: at, certificate: try text("certificate"),
      signature: signature)
  }

  /// Whether a signing key of this processor, an old one included, signed the head.
  func isGenuine(_ signed: Signed, at now: Timestamp) throws -> Bool {
    guard signed.processorID == processorID else { return false }
    let entry = try keys.list(at: now).first {
      $0.purpose == .signing && $0.certificate.fingerprint == signed.certificate
    }
    guard let entry else { return false }
    return try entry.certificate.verifies(signed.signature, of: statement(signed.head, signed.at))
  }

  /// Signs `head` and puts it in its place, durably.
  func write(_ head: AuditHead, at now: Timestamp) throws {
    let signer = try keys.signer()
    let signature = try signer.privateKey.sign(statement(head, now))
    let value = JSONValue.object([
      ("format", .string(Self.format)), ("processorID", .string(processorID)), ("head", .string("\(head)")),
      ("at", .string(now.rfc3339)), ("certificate", .string(signer.certificate.fingerprint)),
      ("signature", .string(Hexadecimal.string(signature))),
    ])
    try DurableFile.write(value.serialized(pretty: true) + [UInt8(ascii: "\n")], to: path, mode: 0o600)
  }

  /// Brings the file to the trail's last entry, if what it says now is in the trail; answers whether it is there now.
  @discardableResult
  func renew(from journal: SQLiteJournal, at now: Timestamp) async throws -> Bool {
    let lock = try FileLock(path: lockPath)
    try await lock.acquireWhenFree()
    defer { lock.release() }
    guard let present = try read(), try isGenuine(present, at: now) else { return false }
    let head = try await journal.auditHead()
    guard present.head.number <= head.number else { return false }
    if present.head == head { return true }
    guard try await contains(present.head, journal) else { return false }
    try write(head, at: now)
    return true
  }

  /// As `renew`, for steps that are done whether it succeeds or not: a head that is behind is only less of a witness, and
  /// the next step renews it.
  func renewQuietly(from journal: SQLiteJournal, at now: Timestamp) async {
    _ = try? await renew(from: journal, at: now)
  }

  private func contains(_ head: AuditHead, _ journal: SQLiteJournal) async throws -> Bool {
    if head.number == 0 { return head == .empty }
    return try await journal.auditHash(of: head.number) == head.hash
  }

  private func statement(_ head: AuditHead, _ at: Timestamp) -> [UInt8] {
    Array("\(Self.format)\n\(processorID)\n\(head)\n\(at.rfc3339)\n".utf8)
  }
}

extension Station {
  /// The signed head of this home's audit trail.
  var auditHeadFile: AuditHeadFile { home.auditHeadFile(processorID: configuration.processorID, keys) }
}

extension Home {
  func auditHeadFile(processorID: String, _ keys: ProcessorKeys) -> AuditHeadFile {
    AuditHeadFile(path: auditHead, lockPath: "\(locks)/audit-head.lock", processorID: processorID, keys: keys)
  }

  /// Makes the journal with the first entry of its trail, and signs the head: from here a missing one is a lost one.
  func beginTrail(
    processorID: String, _ certificates: [Certificate], _ passphrase: PassphraseFile?, at now: Timestamp
  ) async throws {
    let keys = ProcessorKeys(directory: keys, passphraseFile: passphrase)
    let actor = AuditActor.user(SystemUser.current(in: self).name)
    let journal = try SQLiteJournal(path: self.journal, actor: actor)
    for action in [AuditAction.homeCreated, .keyGenerated] {
      var event = AuditEvent(action, by: actor, details: [.init("processorID", processorID)])
      event.key = certificates.map(\.fingerprint).joined(separator: ",")
      try await journal.note(event, at: now)
    }
    try auditHeadFile(processorID: processorID, keys).write(try await journal.auditHead(), at: now)
    try journal.close()
  }
}
