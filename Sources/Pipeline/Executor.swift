public import Batch
public import Wallet

/// Carries out one kind of batch. A new kind of instruction is one new type that conforms.
public protocol Executor: Sendable {
  /// The kind of batch it carries out.
  var kind: BatchKind { get }
  /// Finds the accounts behind functional IDs: asked once for all of a claim, before the lanes are chosen.
  func resolve(_ functionalIDs: [FunctionalID]) async -> PayeeResolution
  /// Chooses the lane: instructions with the same key are never in flight at the same time.
  func laneKey(of instruction: Instruction, _ payees: PayeeResolution) -> Int
  /// Moves the money. Called only after the claim of the orders is durable; answers in their order, one for each.
  func execute(_ orders: [ExecutionOrder], _ payees: PayeeResolution) async -> [ExecutionAnswer]
  /// Asks what became of orders that may have been sent; answers in their order, one for each.
  func enquire(_ orders: [ExecutionOrder]) async -> [StatusOutcome]
  /// Fills in what a result line tells besides the settlement, for the successful ones; `outcomes` and `references`
  /// are of the same length.
  func complete(_ outcomes: inout [Outcome], of references: [TransferReference?]) async throws
}

extension Executor {
  /// A kind of batch that pays no functional IDs has none to resolve.
  public func resolve(_ functionalIDs: [FunctionalID]) async -> PayeeResolution { .none }
}

/// What became of an order that was to be executed.
public enum ExecutionAnswer: Hashable, Sendable {
  /// It can't be executed, and nobody was asked to: the wallet does not know its reference.
  case refused(Reason)
  /// Whoever moves the money answered.
  case answered(SubmitOutcome)
}

/// An instruction with the reference of its present attempt.
public struct ExecutionOrder: Sendable {
  /// Under which it is sent, and asked for.
  public let reference: TransferReference
  /// Whose money it is.
  public let partner: String
  /// What is to be done.
  public let instruction: Instruction

  /// An order for `instruction` under `reference`.
  public init(reference: TransferReference, partner: String, instruction: Instruction) {
    self.reference = reference
    self.partner = partner
    self.instruction = instruction
  }
}
