import Batch
import Cryptography
import Journal
public import Partners

extension AuditAction {
  /// A key pair was made beside those that were there.
  static let keyGenerated = Self(rawValue: "key.generated")
  /// A key pair was made, and those that were there end.
  static let keyRotated = Self(rawValue: "key.rotated")
  /// Private keys were written anew under a passphrase.
  static let keyProtected = Self(rawValue: "key.protected")
  /// A partner was registered.
  static let partnerAdded = Self(rawValue: "partner.added")
  /// What is registered of a partner was changed.
  static let partnerUpdated = Self(rawValue: "partner.updated")
  /// A partner was taken off the register.
  static let partnerRemoved = Self(rawValue: "partner.removed")
}

extension Station {
  /// Registers a new partner.
  public func addPartner(_ name: String, _ terms: PartnerTerms) async throws -> Partner {
    let partner = try partner(
      name, terms,
      over: Partner(name: name, signingCertificates: [], encryptionCertificates: [], policy: PartnerPolicy()))
    let rules = try partner.rules().sorted { $0.key < $1.key }.map { AuditEvent.Detail($0.key, $0.value) }
    try await change(event(.partnerAdded, of: name, partner.certificates, rules)) {
      try partners.add(partner)
      try SpoolDirectory(path: home.spool).prepare(for: name)
    }
    return partner
  }

  /// Changes what `terms` says and leaves the rest; certificates that are named replace those that were there.
  public func updatePartner(_ name: String, _ terms: PartnerTerms) async throws -> Partner {
    let present = try partners.partner(named: name)
    let partner = try partner(name, terms, over: present)
    let added = partner.certificates.filter { !present.certificates.contains($0) }
    let removed = present.certificates.filter { !partner.certificates.contains($0) }
    let (before, after) = (try present.rules(), try partner.rules())
    let changes = Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
      .map { AuditEvent.Detail($0, after[$0] ?? "default") }
    let details =
      added.map { AuditEvent.Detail("added", $0.fingerprint) }
      + removed.map { AuditEvent.Detail("removed", $0.fingerprint) } + changes
    try await change(event(.partnerUpdated, of: name, added + removed, details)) { try partners.update(partner) }
    return partner
  }

  /// Takes a partner off the register; its batches stay in the journal.
  ///
  /// - Returns: how many of them are not finished: nobody works on them any more, until the partner is registered again.
  @discardableResult
  public func removePartner(_ name: String) async throws -> Int {
    // A partner whose file can't be used can be removed, and then nobody knows its certificates.
    let certificates = (try? partners.partner(named: name))?.certificates ?? []
    try await change(event(.partnerRemoved, of: name, certificates)) { try partners.remove(named: name) }
    return try await journal().unfinishedBatches().count { $0.partner == name }
  }

  private func event(
    _ action: AuditAction, of partner: String, _ certificates: [Certificate], _ details: [AuditEvent.Detail] = []
  ) -> AuditEvent {
    var event = AuditEvent(action, by: actor, details: details)
    event.partner = partner
    event.key = certificates.isEmpty ? nil : certificates.map(\.fingerprint).joined(separator: ",")
    return event
  }
}

extension Partner {
  /// All its certificates, each once.
  fileprivate var certificates: [Certificate] {
    (signingCertificates + encryptionCertificates).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
