public import Batch

/// Which instructions to list: every condition that is set must hold. Of admitted batches only.
public struct LineQuery: Hashable, Sendable {
  /// Of this batch.
  public var batch: BatchNumber?
  /// Of batches under this ID, of any partner.
  public var batchID: String?
  /// Of this partner.
  public var partner: String?
  /// Of batches of this programme.
  public var programID: String?
  /// In one of these states; empty for any.
  public var states: Set<InstructionLifecycle.State> = []
  /// Not settled for this reason: rejected with it, or in doubt.
  public var reason: ReasonCode?
  /// To this payee: the identifier, of any kind.
  public var payeeID: String?
  /// For this beneficiary: the functional ID.
  public var payeeFunctionalID: String?
  /// Under this ID of the partner's, also when it was refused as a repetition.
  public var instructionID: String?
  /// At this instant or later: of what has ended, its end; of the rest, the admission of its batch.
  public var from: Timestamp?
  /// Before this instant; as `from`.
  public var to: Timestamp?
  /// How the lines follow each other.
  public var order = LineOrder.batchOrder
  /// The next page: what follows this place.
  public var after: LineCursor?
  /// At most so many.
  public var limit = 50

  /// All lines.
  public init() {}
  /// All lines of `batch`.
  public init(batch: BatchNumber) { self.batch = batch }

  /// Whether it is answered from what is derived.
  var needsIndex: Bool { hasWindow || payeeID != nil || payeeFunctionalID != nil || instructionID != nil }
  /// Whether a time is asked for.
  var hasWindow: Bool { from != nil || to != nil }
  /// Milliseconds since the epoch: the first that is meant.
  var start: Int64 { from?.millisecondsSinceEpoch ?? .min }
  /// Milliseconds since the epoch: the first that is not meant any more.
  var end: Int64 { to?.millisecondsSinceEpoch ?? .max }
}

/// How lines follow each other on pages.
public enum LineOrder: String, Hashable, Sendable {
  /// Older batches first, each in its own order.
  case batchOrder = "b"
  /// The reverse.
  case newestFirst = "n"
}

/// The place between two pages. What comes in later, or changes, moves no line over it.
public struct LineCursor: Hashable, Sendable {
  /// The batch of the last line that was told.
  public let batch: BatchNumber
  /// Its position.
  public let position: Int
  /// The order in which it was told.
  public let order: LineOrder

  /// The place behind a line, in `order`.
  public init(batch: BatchNumber, position: Int, order: LineOrder) {
    self.batch = batch
    self.position = position
    self.order = order
  }

  /// The place that a token names; `nil` for what is none.
  public init?(token: String) {
    guard let order = token.first.flatMap({ LineOrder(rawValue: String($0)) }) else { return nil }
    let parts = token.dropFirst().split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let batch = Int64(parts[0], radix: 36), let position = Int(parts[1], radix: 36),
      (0..<Int64(1) << 31).contains(batch), (0...0xFFFF_FFFF).contains(position)
    else { return nil }
    self.init(batch: BatchNumber(rawValue: batch), position: position, order: order)
  }

  /// A word for programs and people to hand back.
  public var token: String {
    "\(order.rawValue)\(String(batch.rawValue, radix: 36))-\(String(position, radix: 36))"
  }
}

/// A page of lines with the batches that they belong to.
public struct LinePage: Sendable {
  /// The lines, in the query's order; at most its limit.
  public var lines: [JournalLine]
  /// The batches of `lines`.
  public var batches: [BatchNumber: BatchRecord]
  /// Where the next page begins; `nil` when there is none. A page that is short, or empty, and has a next one is the
  /// answer to a query that would have had to look through too many lines at once.
  public var next: LineCursor?

  /// A page of `lines`.
  public init(lines: [JournalLine], batches: [BatchNumber: BatchRecord], next: LineCursor?) {
    self.lines = lines
    self.batches = batches
    self.next = next
  }
}
