public import Batch
public import Journal

/// How the processing of one file ended.
public struct BatchReport: Sendable {
  /// What became of the file.
  public enum Status: String, Hashable, Sendable {
    /// Every instruction has its final answer, in a sealed result.
    case completed = "COMPLETED"
    /// A sealed result tells all but the final answers of some; process the file again for a later revision.
    case partial = "PARTIAL"
    /// Nobody is paid.
    case rejected = "REJECTED"
  }

  /// The file as it was named.
  public var file: String
  /// The partner's name for the batch, when the file told it.
  public var batchID: String?
  /// The partner, when its signers are known.
  public var partner: String?
  /// How it ended.
  public var status: Status
  /// Whether this is the answer that was given before to the same content.
  public var isRepeated = false
  /// Counts and sums; `nil` for a rejected file.
  public var summary: BatchSummary?
  /// Where the sealed result is, when one could be sealed for a known partner.
  public var resultPath: String?
  /// Why it was rejected.
  public var rejection: Rejection?
  /// What the operator may know of a rejection beyond what the sender is told.
  public var operatorDetail: String?
  /// The sealed answer that is still to be put to its place, for a submission that asked for it so.
  public var refusal: SealedRefusal?

  init(file: String, status: Status) {
    self.file = file
    self.status = status
  }
}

/// What a check found in a file that would be processed.
public struct CheckReport: Sendable {
  /// The file as it was named.
  public var file: String
  /// The document's members.
  public var header: BatchHeader
  /// The partner that signed it.
  public var partner: String
  /// How many instructions it has.
  public var count: Int
  /// How many of them would fail for a reason that is known before anything is sent.
  public var refusedCount: Int
  /// What would be paid, by currency.
  public var payable: [Money]
  /// Whether the same content was answered, or begun, before.
  public var isKnown: Bool
}
