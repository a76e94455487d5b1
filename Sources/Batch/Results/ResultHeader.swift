/// How a batch ended, or stands.
public enum ResultStatus: String, Hashable, Sendable {
  /// Every line is final.
  case completed = "COMPLETED"
  /// Published with some lines pending; a later revision follows.
  case partial = "PARTIAL"
  /// Nobody is paid.
  case rejected = "REJECTED"
}

/// The members of a result document besides its lines.
public struct ResultHeader: Hashable, Sendable {
  /// As in the batch.
  public var requestID: String?
  /// As in the batch; `nil` when a rejected file did not tell it.
  public var batchID: String?
  /// The partner.
  public var sourceBBID: String
  /// Who processed it.
  public var processorID: String
  /// From 1; a later result of the same batch has a later number.
  public var revision: Int
  /// How the batch ended.
  public var status: ResultStatus
  /// When the result was made.
  public var generatedAt: Timestamp
  /// Counts and sums.
  public var summary: ResultSummary
  /// The head of the processor's audit trail when the result was sealed: the partner's witness.
  public var audit: AuditWitness?

  /// A header without a request ID.
  public init(
    batchID: String?, sourceBBID: String, processorID: String, revision: Int, status: ResultStatus,
    generatedAt: Timestamp, summary: ResultSummary = ResultSummary()
  ) {
    self.batchID = batchID
    self.sourceBBID = sourceBBID
    self.processorID = processorID
    self.revision = revision
    self.status = status
    self.generatedAt = generatedAt
    self.summary = summary
  }
}

/// The head of an audit trail. Whoever has one can tell later whether anything up to it was changed.
public struct AuditWitness: Hashable, Sendable {
  /// The number of the last entry.
  public let entry: Int64
  /// The last entry's SHA-256, in hexadecimal.
  public let hash: String

  /// The head at `entry`.
  public init(entry: Int64, hash: String) {
    self.entry = entry
    self.hash = hash
  }

  /// The witness as a command takes it: `1204:9f86d0…`.
  public var spelling: String { "\(entry):\(hash)" }
}

/// Counts and sums of a result.
public struct ResultSummary: Hashable, Sendable {
  /// Sums of one currency in its minor unit.
  public struct Amounts: Hashable, Sendable {
    /// Money that moved.
    public var succeeded: Int64
    /// Money that did not.
    public var failed: Int64
    /// Money whose fate is not final.
    public var pending: Int64
    /// The three together.
    public var total: Int128 { Int128(succeeded) + Int128(failed) + Int128(pending) }

    /// Sums in minor units.
    public init(succeeded: Int64 = 0, failed: Int64 = 0, pending: Int64 = 0) {
      self.succeeded = succeeded
      self.failed = failed
      self.pending = pending
    }
  }

  /// Of the lines that succeeded, those whose payee was paid in another way. What the wallet debited is the sum of the
  /// others.
  public struct HandSettlements: Hashable, Sendable {
    /// Lines.
    public var count = 0
    /// Sums in minor units.
    public var amounts: [Currency: Int64] = [:]
    /// Nothing counted.
    public init() {}
  }

  /// Lines that succeeded.
  public var succeeded = 0
  /// Lines that failed.
  public var failed = 0
  /// Lines that are not final.
  public var pending = 0
  /// Members of the batch document that nobody knows and that were ignored.
  public var unknownMembers = 0
  /// The lines among `succeeded` that an operator settled by hand.
  public var settledByHand = HandSettlements()
  /// By currency; lines whose stated amount is none have no sum.
  public var amounts: [Currency: Amounts] = [:]

  /// All lines.
  public var count: Int { succeeded + failed + pending }

  /// Nothing counted.
  public init() {}
}
