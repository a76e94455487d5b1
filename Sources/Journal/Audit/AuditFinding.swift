/// What a check of the audit trail found: what it is, where, and what to do.
public struct AuditFinding: Hashable, Sendable {
  /// What can be found.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An entry does not have the hash of what it says.
    case entryChanged = "entry-changed"
    /// An entry does not name the hash of the one before.
    case chainBroken = "chain-broken"
    /// Numbers are missing between two entries, or before the first.
    case entriesMissing = "entries-missing"
    /// The last entries are missing.
    case truncated
    /// What keeps entries from being changed is not in the database as it was made.
    case unguarded
    /// A head that was given out is not in the trail.
    case witnessDiffers = "witness-differs"
    /// The signed head is not there.
    case headMissing = "head-missing"
    /// The signed head can't be read, or is not signed by a key of this processor.
    case headInvalid = "head-invalid"
    /// The journal has a batch of which the trail does not tell.
    case batchUnrecorded = "batch-unrecorded"
    /// The trail tells of a batch that the journal does not have.
    case batchMissing = "batch-missing"
    /// The journal says otherwise of a batch than the trail.
    case batchDiffers = "batch-differs"
    /// The counts and sums of a batch are not those of its lines.
    case linesDiffer = "lines-differ"
    /// An approval stands in the journal alone, or in the trail alone.
    case approvalDiffers = "approval-differs"
    /// A sealed result is not the file that was published.
    case fileChanged = "file-changed"
    /// The clock went back between two entries. No fault of the trail.
    case clockWentBack = "clock-went-back"
    /// A change of another store was begun, and nothing tells how it ended. No fault of the trail.
    case changeUnfinished = "change-unfinished"

    /// Whether it speaks against the trail or what it tells; else it is worth a look, and no more.
    public var isFault: Bool {
      switch self {
      case .clockWentBack, .changeUnfinished: false
      case .entryChanged, .chainBroken, .entriesMissing, .truncated, .unguarded, .witnessDiffers, .headMissing,
        .headInvalid, .batchUnrecorded, .batchMissing, .batchDiffers, .linesDiffer, .approvalDiffers, .fileChanged:
        true
      }
    }

    /// What to do about it.
    public var remedy: String {
      switch self {
      case .entryChanged, .chainBroken, .entriesMissing, .truncated, .witnessDiffers:
        """
        stop the daemon, keep a copy of the home as it is, and compare with the last backup and with partners' witnesses: \
        somebody wrote to the journal, or an older copy was restored
        """
      case .unguarded: "somebody changed the schema of journal.sqlite: keep a copy, and ask who may write there"
      case .headMissing, .headInvalid:
        """
        restore audit.head from the backup of this home; if there is none and all else is whole, ask the partners for \
        their witnesses, then disburse audit verify --witness … --accept
        """
      case .batchUnrecorded, .batchMissing, .batchDiffers, .linesDiffer:
        "compare the batch with the partner's sealed results and with the ledger; nothing is to be retried before"
      case .approvalDiffers: "ask the operator whom it names; hold the batch until it is clear"
      case .fileChanged: "compare with the copy of the partner; ask who may write to the outbox"
      case .clockWentBack: "see that the clock is set by NTP; the order of the entries is that of their numbers"
      case .changeUnfinished: "see whether it was made: the process may have been killed between the two"
      }
    }
  }

  /// What it is.
  public let kind: Kind
  /// At which entry, when it is at one.
  public let entry: Int64?
  /// Where: an entry, a batch, a file.
  public let place: String
  /// What was expected, and what was found.
  public let message: String

  /// Something that was found.
  public init(_ kind: Kind, entry: Int64? = nil, at place: String, _ message: String) {
    self.kind = kind
    self.entry = entry
    self.place = place
    self.message = message
  }
}

/// What was found, in bounded memory.
public struct AuditFindings: Sendable {
  /// No more are kept; the counts go on.
  public static let limit = 1_000
  /// The first ones.
  public private(set) var list: [AuditFinding] = []
  /// All that speak against the trail.
  public private(set) var faultCount = 0
  /// All that are worth a look.
  public private(set) var warningCount = 0

  /// Nothing found.
  public init() {}

  /// What is worth a look of `others`, without what spoke against the trail.
  public init(warningsOf others: AuditFindings) {
    for finding in others.list where !finding.kind.isFault { add(finding) }
  }

  /// Keeps a finding.
  public mutating func add(_ finding: AuditFinding) {
    if finding.kind.isFault { faultCount += 1 } else { warningCount += 1 }
    if list.count < Self.limit { list.append(finding) }
  }
}

/// What a check of the trail in the journal saw.
public struct AuditReport: Sendable {
  /// The last entry.
  public var head = AuditHead.empty
  /// How many entries there are.
  public var entryCount = 0
  /// How many batches were compared with their entries.
  public var batchCount = 0
  /// How many sealed results were compared with their entries.
  public var fileCount = 0
  /// How many heads that had been given out were looked for.
  public var witnessCount = 0
  /// What was found.
  public var findings = AuditFindings()
  /// Nothing seen.
  public init() {}
}
