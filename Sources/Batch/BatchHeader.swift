/// The members of a batch document besides its instructions.
public struct BatchHeader: Hashable, Sendable {
  /// The partner's name for the batch, unique for the partner for ever.
  public var batchID: String
  /// The registered name of the partner that sends it.
  public var sourceBBID: String
  /// Echoed in the result.
  public var requestID: String?
  /// The processor that the batch is meant for, when it says so.
  public var recipientID: String?
  /// The programme that the money belongs to.
  public var programID: String?
  /// The currency of lines that name none.
  public var currency: Currency?
  /// When the partner made it.
  public var createdAt: Timestamp?
  /// Nothing is executed before this instant.
  public var executeAt: Timestamp?
  /// Nothing is executed after this instant.
  public var expiresAt: Timestamp?
  /// Whether the array is `creditInstructions` or `voucherInstructions`.
  public var kind: BatchKind

  /// A header with the required members; the rest is set afterwards.
  public init(batchID: String, sourceBBID: String, kind: BatchKind) {
    self.batchID = batchID
    self.sourceBBID = sourceBBID
    self.kind = kind
  }
}
