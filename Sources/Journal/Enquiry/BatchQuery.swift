public import Batch

/// Which batches to list: every condition that is set must hold.
public struct BatchQuery: Hashable, Sendable {
  /// Of this partner only.
  public var partner: String?
  /// Under this ID only.
  public var batchID: String?
  /// Of this programme only.
  public var programID: String?
  /// In this state only.
  public var state: BatchLifecycle.State?
  /// Only those that something holds.
  public var isHeld = false
  /// Of this kind only.
  public var kind: BatchKind?
  /// From a file of this name only.
  public var file: String?
  /// With a line to this payee only: the identifier, of any kind. Of admitted batches.
  public var payeeID: String?
  /// With a line for this beneficiary only: the functional ID. Of admitted batches.
  public var payeeFunctionalID: String?
  /// Decided at this instant or later.
  public var from: Timestamp?
  /// Decided before this instant.
  public var to: Timestamp?
  /// Older than this one: the next page.
  public var before: BatchNumber?
  /// At most so many.
  public var limit = 50
  /// All batches.
  public init() {}

  /// Whether only the lines of a batch tell whether it is meant.
  var needsLines: Bool { payeeID != nil || payeeFunctionalID != nil }
}

/// A page of batches.
public struct BatchPage: Sendable {
  /// The batches, newest first.
  public var batches: [BatchRecord]
  /// Older than this one: the next page; `nil` when there is none.
  public var next: BatchNumber?

  /// A page of `batches`.
  public init(batches: [BatchRecord], next: BatchNumber?) {
    self.batches = batches
    self.next = next
  }
}
