/// Who sends a bare array of instructions, the body of the GovStack bulk payment call, and under which name.
///
/// The array has no header, so these come from beside the document.
public struct BareArrayIdentity: Hashable, Sendable {
  /// The partner's name for the batch.
  public var batchID: String
  /// The partner; `nil` for the one whose signers signed.
  public var sourceBBID: String?
  /// Echoed in the result.
  public var requestID: String?
  /// The programme that the money belongs to.
  public var programID: String?
  /// The currency of lines that name none.
  public var currency: Currency?

  /// An identity with its required parts; the rest is set afterwards.
  public init(batchID: String, sourceBBID: String? = nil) {
    self.batchID = batchID
    self.sourceBBID = sourceBBID
  }

  /// The identity with `partner` as its source, unless it names one.
  public func completed(from partner: String) -> BareArrayIdentity {
    var copy = self
    copy.sourceBBID = sourceBBID ?? partner
    return copy
  }
}
