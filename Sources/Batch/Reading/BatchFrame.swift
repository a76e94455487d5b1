/// What a batch document says besides its instructions.
public struct BatchFrame: Hashable, Sendable {
  /// The header.
  public let header: BatchHeader
  /// The sender's own count and total.
  public let control: ControlStatement?
  /// Entries of the instruction array; of those seen when the reading stopped early.
  public let count: Int
  /// Members of the document's object that the format does not know.
  public let unknownMemberCount: Int
  /// Whether the document was read to its end.
  public let isWhole: Bool
}

/// The members that a header may have.
public enum HeaderMember: String, Hashable, Sendable, CaseIterable {
  case requestID
  case batchID
  case sourceBBID
  case recipientID
  case programID
  case currency
  case createdAt
  case executeAt
  case expiresAt
  case control
}

/// The header's members seen so far, and which they are: encoders put them in any order.
public struct PartialHeader: Hashable, Sendable {
  /// The members that were seen, well formed or not.
  public internal(set) var seen: Set<HeaderMember> = []
  /// As in `BatchHeader`.
  public internal(set) var batchID: String?
  /// As in `BatchHeader`.
  public internal(set) var sourceBBID: String?
  /// As in `BatchHeader`.
  public internal(set) var requestID: String?
  /// As in `BatchHeader`.
  public internal(set) var recipientID: String?
  /// As in `BatchHeader`.
  public internal(set) var programID: String?
  /// As in `BatchHeader`.
  public internal(set) var currency: Currency?
  /// As in `BatchHeader`.
  public internal(set) var createdAt: Timestamp?
  /// As in `BatchHeader`.
  public internal(set) var executeAt: Timestamp?
  /// As in `BatchHeader`.
  public internal(set) var expiresAt: Timestamp?
  /// Known once the instruction array has begun.
  public internal(set) var kind: BatchKind?
  /// The sender's own count and total.
  public internal(set) var control: ControlStatement?

  /// Whether everything that decides about the batch was seen, so that what follows can only be instructions,
  /// the control and members of no weight.
  public var isComplete: Bool {
    kind != nil && Self.deciding.isSubset(of: seen)
  }

  /// Whether the instructions can be read already: the kind is known, and so is the default currency.
  public var allowsReadingInstructions: Bool { kind != nil && seen.contains(.currency) }

  /// The header as far as it is known; `nil` without its required members and the kind.
  public var header: BatchHeader? {
    guard let batchID, let sourceBBID, let kind else { return nil }
    var header = BatchHeader(batchID: batchID, sourceBBID: sourceBBID, kind: kind)
    header.requestID = requestID
    header.recipientID = recipientID
    header.programID = programID
    header.currency = currency
    header.createdAt = createdAt
    header.executeAt = executeAt
    header.expiresAt = expiresAt
    return header
  }

  private static let deciding: Set<HeaderMember> = [
    .requestID, .batchID, .sourceBBID, .recipientID, .programID, .currency, .executeAt, .expiresAt,
  ]
}
