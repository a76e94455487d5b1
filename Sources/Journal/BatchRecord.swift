public import Batch
public import Wallet

/// What the journal knows of a batch.
public struct BatchRecord: Sendable {
  /// The journal's number.
  public var number: BatchNumber
  /// The partner that sent it.
  public var partner: String
  /// The document's members.
  public var header: BatchHeader
  /// Where its life stands.
  public var life: BatchLifecycle
  /// SHA-256 of the opened document; empty while it is being admitted.
  public var contentDigest: [UInt8]
  /// The name of the processor that admitted it, which its references are derived from; empty before.
  public var processor: String
  /// How many members of the document nobody knows; they were ignored.
  public var unknownMemberCount: Int
  /// The name of the file it came in.
  public var file: String
  /// When it was admitted or rejected.
  public var decidedAt: Timestamp?
  /// The last publication that was prepared.
  public var publication: Publication?
  /// Whether the last publication took its place.
  public var isPublished: Bool
  /// Why it was rejected, when it was.
  public var rejection: Rejection?
  /// Why it is held, in words, when it is.
  public var holdNote: String?
  /// Why its rest is not sent any more; `nil` while it may be.
  public var cancellation: Reason?
  /// How it came in.
  public var provenance = BatchProvenance()
  /// Which release it needs or had, from 1: a retry begins a new round.
  public var round: Int
  /// Who ordered the retry that the round is for; `nil` in the first round.
  public var orderedBy: AuditActor?
  /// Whether a line has changed since the last result was sealed, whether it took its place or not.
  public var isChanged: Bool
  /// How many lines were refused at admission.
  public var refusedCount: Int
  /// What the failure rate does not count any more, since an operator has seen it.
  public var watched: (succeeded: Int, failed: Int)

  /// A record with its required parts; the rest is set afterwards.
  public init(number: BatchNumber, partner: String, header: BatchHeader, life: BatchLifecycle, file: String) {
    self.number = number
    self.partner = partner
    self.header = header
    self.life = life
    self.file = file
    contentDigest = []
    processor = ""
    unknownMemberCount = 0
    isPublished = false
    round = 1
    isChanged = true
    refusedCount = 0
    watched = (0, 0)
  }
}

/// How a batch came in: who may not release it, and where its sealed file lies.
public struct BatchProvenance: Hashable, Sendable {
  /// The system user who handed it in.
  public var submitter: String?
  /// SHA-256 of the public keys that signed it, in hexadecimal.
  public var signerKeys: [String] = []
  /// The file's name in the work directory of the spool; `nil` when it did not come through the spool.
  public var arrival: String?
  /// SHA-256 of the sealed file, for the audit trail; empty when nobody told it.
  public var sealedDigest: [UInt8] = []
  /// Nothing known.
  public init() {}
}

/// What is known of a batch only when the whole of it has been read.
public struct AdmittedBatch: Hashable, Sendable {
  /// The document's members; some may stand behind the instructions, and were not known when the batch was opened.
  public let header: BatchHeader
  /// SHA-256 of the opened document.
  public let contentDigest: [UInt8]
  /// The processor's name now: the references keep it whatever the configuration says later.
  public let processor: String
  /// How many members of the document nobody knows.
  public let unknownMemberCount: Int
  /// How it came in.
  public var provenance = BatchProvenance()
  /// Whether it waits for an operator's release.
  public var needsRelease = false
  /// What it is to pay, by currency, which counts for the partner's day.
  public var payable: [Currency: Money] = [:]
  /// How many lines were refused already.
  public var refusedCount = 0

  /// A batch that is about to be admitted; the rest is set afterwards.
  public init(header: BatchHeader, contentDigest: [UInt8], processor: String, unknownMemberCount: Int) {
    self.header = header
    self.contentDigest = contentDigest
    self.processor = processor
    self.unknownMemberCount = unknownMemberCount
  }
}

/// A result that takes its place in the outbox.
public struct Publication: Hashable, Sendable {
  /// From 1; a later answer has a later number.
  public let revision: Int
  /// Where the sealed result stands, from the outbox on.
  public let path: String
  /// SHA-256 of the sealed result.
  public let digest: [UInt8]
  /// The fingerprint of the certificate that it is signed with.
  public var signer: String?
  /// The fingerprints of the certificates that it is sealed to.
  public var recipients: [String] = []
  /// The head of the audit trail that stands in it.
  public var witness: AuditHead?

  /// A sealed result of `digest` that belongs at `path`; the rest is set afterwards.
  public init(revision: Int, path: String, digest: [UInt8]) {
    self.revision = revision
    self.path = path
    self.digest = digest
  }

  /// The same result at another place.
  public func placed(at path: String) -> Publication {
    var placed = Publication(revision: revision, path: path, digest: digest)
    placed.signer = signer
    placed.recipients = recipients
    placed.witness = witness
    return placed
  }
}

/// Counts and sums of a batch. Sums are by currency, in minor units.
public struct BatchSummary: Hashable, Sendable {
  /// Counts and a sum of the lines in one group of states.
  public struct Tally: Hashable, Sendable {
    /// Instructions.
    public var count = 0
    /// Minor units by currency. Lines whose stated amount is none have no sum.
    public var amounts: [Currency: Int64] = [:]
    /// Nothing counted.
    public init() {}
  }

  /// The payees have the money.
  public var succeeded = Tally()
  /// Nothing moved.
  public var failed = Tally()
  /// Not final: admitted, claimed, sent, in doubt.
  public var pending = Tally()
  /// Of the succeeded ones, those that an operator settled by hand: the wallet moved the rest.
  public var byHand = Tally()
  /// Of the pending ones, those in doubt.
  public var inDoubtCount = 0
  /// Members of the document that nobody knows.
  public var unknownMemberCount = 0

  /// All instructions.
  public var count: Int { succeeded.count + failed.count + pending.count }

  /// Nothing counted.
  public init() {}
}

/// An instruction with its outcome so far: what a result line is made of.
public struct JournalLine: Sendable {
  /// What was asked for.
  public var instruction: Instruction
  /// Which attempt, from 1.
  public var attempt: Int
  /// Where its life stands.
  public var state: InstructionLifecycle.State
  /// The reference under which the wallet knows it; `nil` when nothing was ever sent.
  public var reference: TransferReference?
  /// How it was settled.
  public var settlement: Settlement?
  /// Why it was rejected, or the operator's text of a doubt.
  public var reason: Reason?
  /// An operator's note, when it was settled by hand: the wallet of this batch did not move the money.
  public var byHand: String?
  /// When it was settled or rejected; `nil` before.
  public var endedAt: Timestamp?
  /// The batch it belongs to.
  public var batch: BatchNumber

  /// A line with its required parts; the rest is set afterwards.
  public init(instruction: Instruction, attempt: Int, state: InstructionLifecycle.State, batch: BatchNumber) {
    self.instruction = instruction
    self.attempt = attempt
    self.state = state
    self.batch = batch
  }
}
