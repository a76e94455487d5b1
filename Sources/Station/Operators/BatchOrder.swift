public import Journal

/// What an operator orders to be done with a batch.
public enum BatchOrder: Hashable, Sendable {
  /// Nothing more of it is sent until it is resumed.
  case hold(note: String)
  /// It is released, by somebody else than who handed it in.
  case approve
  /// It goes on after a stop by its failures or by an operator.
  case resume(note: String)
  /// What was not sent is not sent any more.
  case cancel(note: String)
  /// New attempts at instructions that a wallet rejected; at all of them when none is named.
  case retry(instructions: [String], note: String)
  /// The payee of one instruction was paid in another way.
  case settle(instruction: String, note: String, receipt: String?)

  /// The word on the command line and in a statement.
  public var verb: String {
    switch self {
    case .hold: "hold"
    case .approve: "approve"
    case .resume: "resume"
    case .cancel: "cancel"
    case .retry: "retry"
    case .settle: "settle"
    }
  }

  /// Whether money can move by it, or is said to have moved: then a signature is needed where operators sign. To stop
  /// must be quick.
  var needsSignature: Bool {
    switch self {
    case .approve, .resume, .retry, .settle: true
    case .hold, .cancel: false
    }
  }

  /// Whether nobody may work on the batch meanwhile.
  var needsLock: Bool {
    switch self {
    case .retry, .settle: true
    case .hold, .approve, .resume, .cancel: false
    }
  }

  var note: String? {
    switch self {
    case .approve: nil
    case .hold(let note), .resume(let note), .cancel(let note), .retry(_, let note), .settle(_, let note, _): note
    }
  }

  var instructions: [String] {
    switch self {
    case .hold, .approve, .resume, .cancel: []
    case .retry(let instructions, _): instructions
    case .settle(let instruction, _, _): [instruction]
    }
  }

  /// Refuses words that nobody could read later.
  func check() throws(StationError) {
    if let note, !(1...500).contains(note.utf8.count) { throw .refused("a note has 1 to 500 characters") }
    if case .settle(_, _, let receipt?) = self, !(1...100).contains(receipt.utf8.count) {
      throw .refused("a receipt's number has 1 to 100 characters")
    }
  }
}

/// What became of an order.
public struct OrderReport: Sendable {
  /// The batch after it.
  public var record: BatchRecord
  /// Its counts and sums after it.
  public var summary: BatchSummary
  /// Who the audit trail says has given it.
  public var actor: AuditActor
  /// Of a retry: how many instructions are tried again.
  public var retriedCount: Int?
  /// Of a retry of all: how many failed ones are not, since they were refused before anything was sent.
  public var refusedCount: Int?
  /// Of a retry of all: how many have no final answer, and can only be resolved.
  public var pendingCount: Int?
}
