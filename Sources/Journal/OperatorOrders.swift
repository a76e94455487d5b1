public import Batch

/// An operator's release of a batch, or of a retry.
public struct Approval: Hashable, Sendable {
  /// Who releases.
  public let actor: AuditActor
  /// How it is known that it is they: a certificate's fingerprint, or the system user.
  public let evidence: String
  /// The signed statement (CMS), when it was signed.
  public let signature: [UInt8]?
  /// Which release it is, from 1; one for another round is refused.
  public let round: Int

  /// A release by `actor`.
  public init(actor: AuditActor, evidence: String, signature: [UInt8]? = nil, round: Int) {
    self.actor = actor
    self.evidence = evidence
    self.signature = signature
    self.round = round
  }
}

/// An approval as the journal has it.
public struct RecordedApproval: Hashable, Sendable {
  /// What was given.
  public let approval: Approval
  /// When.
  public let at: Timestamp

  /// An approval that was given at an instant.
  public init(_ approval: Approval, at: Timestamp) {
    self.approval = approval
    self.at = at
  }
}

/// How it is known who gave an order: what the audit trail keeps of it.
public struct OrderProof: Hashable, Sendable {
  /// A certificate's fingerprint, or the system user.
  public let evidence: String
  /// The signed statement (CMS), when it was signed.
  public let signature: [UInt8]?

  /// The proof of an order.
  public init(evidence: String, signature: [UInt8]? = nil) {
    self.evidence = evidence
    self.signature = signature
  }
}

/// An operator's order to try failed lines again.
public struct RetryOrder: Hashable, Sendable {
  /// Which lines; `nil` for all that a wallet rejected.
  public var positions: [Int]?
  /// Who orders it.
  public var actor: AuditActor
  /// Why.
  public var note: String
  /// Whether it waits for another operator's release.
  public var needsRelease: Bool
  /// How it is known who orders it, where it is.
  public var proof: OrderProof?

  /// An order by `actor`.
  public init(positions: [Int]? = nil, actor: AuditActor, note: String = "", needsRelease: Bool = false) {
    self.positions = positions
    self.actor = actor
    self.note = note
    self.needsRelease = needsRelease
  }
}

/// An operator's word that a payee has the money.
public struct HandSettlement: Hashable, Sendable {
  /// Which line.
  public let position: Int
  /// Who says so.
  public let actor: AuditActor
  /// How it was paid, for the partner and the auditor.
  public let note: String
  /// The number of the other payment, such as a receipt's.
  public let receipt: String?
  /// How it is known who says so, where it is.
  public var proof: OrderProof?

  /// The word of `actor` for the line at `position`.
  public init(position: Int, actor: AuditActor, note: String, receipt: String? = nil) {
    self.position = position
    self.actor = actor
    self.note = note
    self.receipt = receipt
  }
}
