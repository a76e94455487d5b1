public import Batch
internal import Cryptography

/// Who did something, as the audit trail names them: `partner social-registry`, `operator alice`, `user root`, `daemon`.
public struct AuditActor: RawRepresentable, Hashable, Sendable {
  /// The words of the trail.
  public let rawValue: String
  /// An actor by the words of the trail.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A registered operator.
  public static func `operator`(_ name: String) -> Self { Self(rawValue: "operator \(name)") }
  /// A user of the system who is no registered operator.
  public static func user(_ name: String) -> Self { Self(rawValue: "user \(name)") }
  /// The daemon, by itself.
  public static let daemon = Self(rawValue: "daemon")
}

/// What was done: an open set of words, `object.verb`.
public struct AuditAction: RawRepresentable, Hashable, Sendable {
  /// The words of the trail.
  public let rawValue: String
  /// An action by the words of the trail.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A file was taken from the inbox.
  public static let fileTaken = Self(rawValue: "file.taken")
  /// A file was refused whole, before or after it was opened.
  public static let fileRejected = Self(rawValue: "file.rejected")
  /// A file came again whose batch is known.
  public static let fileRepeated = Self(rawValue: "file.repeated")
  /// A batch was admitted.
  public static let batchAdmitted = Self(rawValue: "batch.admitted")
  /// A batch was rejected.
  public static let batchRejected = Self(rawValue: "batch.rejected")
  /// Instructions were claimed: requests may leave from here.
  public static let batchClaimed = Self(rawValue: "batch.claimed")
  /// What the wallet answered was written down.
  public static let batchRecorded = Self(rawValue: "batch.recorded")
  /// Claims of a process that is gone were ended.
  public static let batchTakenOver = Self(rawValue: "batch.taken-over")
  /// A batch was held.
  public static let batchHeld = Self(rawValue: "batch.held")
  /// A batch was released by an operator.
  public static let batchApproved = Self(rawValue: "batch.approved")
  /// A held batch goes on.
  public static let batchResumed = Self(rawValue: "batch.resumed")
  /// The rest of a batch was cancelled.
  public static let batchCancelled = Self(rawValue: "batch.cancelled")
  /// New attempts at failed instructions were ordered.
  public static let batchRetried = Self(rawValue: "batch.retried")
  /// An instruction was settled by hand.
  public static let instructionSettled = Self(rawValue: "instruction.settled-by-hand")
  /// A sealed result took its place.
  public static let resultPublished = Self(rawValue: "result.published")
  /// A home was made: the first entry of every trail.
  public static let homeCreated = Self(rawValue: "home.created")
  /// A change in another store than the journal is about to be made: what, is in the details.
  public static let changeBegun = Self(rawValue: "change.begun")
  /// A change that was begun was not made: the store refused it, or failed.
  public static let changeFailed = Self(rawValue: "change.failed")
  /// A partner's funding account was given money.
  public static let walletFunded = Self(rawValue: "wallet.funded")
  /// A payee's account was opened.
  public static let accountOpened = Self(rawValue: "account.opened")
  /// A payee's account was changed.
  public static let accountChanged = Self(rawValue: "account.changed")
  /// A voucher group was added.
  public static let voucherGroupAdded = Self(rawValue: "voucher-group.added")
  /// A beneficiary was added to the account mapper.
  public static let beneficiaryAdded = Self(rawValue: "beneficiary.added")
  /// A beneficiary was changed.
  public static let beneficiaryChanged = Self(rawValue: "beneficiary.changed")
  /// A file of beneficiaries was imported.
  public static let beneficiariesImported = Self(rawValue: "beneficiaries.imported")
  /// The daemon began to work.
  public static let daemonStarted = Self(rawValue: "daemon.started")
  /// The daemon stopped, in order.
  public static let daemonStopped = Self(rawValue: "daemon.stopped")
  /// An operator took the trail as it stands for whole, and had its head signed anew.
  public static let auditAccepted = Self(rawValue: "audit.accepted")
}

/// One decision or change, before it has a place in the trail.
public struct AuditEvent: Hashable, Sendable {
  /// One named value of an event. Nothing secret, and nothing that tells who a payee is.
  public struct Detail: Hashable, Sendable {
    /// The name of the value.
    public let name: String
    /// The value.
    public let value: String

    /// A named value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The name of the detail that binds what `change.begun` tells to how it ended.
  public static let changeMark = "changeID"

  /// The value of the detail called `name`.
  public func detail(_ name: String) -> String? { details.first { $0.name == name }?.value }

  /// What was done.
  public var action: AuditAction
  /// Who did it.
  public var actor: AuditActor
  /// Whose batch or file it is about.
  public var partner: String?
  /// The partner's ID of the batch.
  public var batchID: String?
  /// The file's name.
  public var file: String?
  /// The SHA-256 fingerprint of the key or certificate that it was done with.
  public var key: String?
  /// What else is to be known, in an order that is kept.
  public var details: [Detail]

  /// An event with its required parts; the rest is set afterwards.
  public init(_ action: AuditAction, by actor: AuditActor, details: [Detail] = []) {
    self.action = action
    self.actor = actor
    self.details = details
  }
}

/// An event in its place in the trail.
public struct AuditEntry: Hashable, Sendable {
  /// The place, from 1, without gaps.
  public let number: Int64
  /// When it was written down.
  public let at: Timestamp
  /// What happened.
  public let event: AuditEvent
  /// The hash of the entry before; 32 zero bytes for the first.
  public let previous: [UInt8]
  /// SHA-256 over everything above.
  public let hash: [UInt8]

  /// An entry as the trail has it.
  public init(number: Int64, at: Timestamp, event: AuditEvent, previous: [UInt8], hash: [UInt8]) {
    self.number = number
    self.at = at
    self.event = event
    self.previous = previous
    self.hash = hash
  }

  /// The hash that the entry must have, by all that it says.
  public func expectedHash() throws -> [UInt8] {
    try AuditRow(event, number: number, at: at, previous: previous).hash()
  }
}

/// The last entry of the trail: who holds it can tell whether anything before it was changed.
public struct AuditHead: Hashable, Sendable {
  /// The entry's number; 0 for an empty trail.
  public let number: Int64
  /// The entry's hash; 32 zero bytes for an empty trail.
  public let hash: [UInt8]

  /// The head at entry `number`.
  public init(number: Int64, hash: [UInt8]) {
    self.number = number
    self.hash = hash
  }

  /// Before the first entry.
  public static let empty = AuditHead(number: 0, hash: [UInt8](repeating: 0, count: 32))
}

extension AuditHead: CustomStringConvertible, LosslessStringConvertible {
  /// The head as results, commands and entries spell it: `1204:9f86d0…`.
  public var description: String { "\(number):\(hexadecimal)" }

  /// The hash in hexadecimal.
  public var hexadecimal: String { Hexadecimal.string(hash) }

  /// A head by its spelling.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number >= 0, let hash = Hexadecimal.bytes(parts[1]),
      hash.count == Self.empty.hash.count
    else { return nil }
    self.init(number: number, hash: hash)
  }
}

/// Which entries to show.
public struct AuditQuery: Hashable, Sendable {
  /// About this batch only.
  public var batchID: String?
  /// About this partner only.
  public var partner: String?
  /// By this actor only: the whole words, or the name at their end.
  public var actor: String?
  /// At this instant or later.
  public var from: Timestamp?
  /// Before this instant.
  public var to: Timestamp?
  /// Of this kind only.
  public var action: AuditAction?
  /// After this entry: the next page.
  public var after: Int64?
  /// At most so many, oldest first.
  public var limit = 50
  /// Whether the limit counts from the newest; the page is oldest first all the same.
  public var isFromTheEnd = false
  /// All entries.
  public init() {}
}
