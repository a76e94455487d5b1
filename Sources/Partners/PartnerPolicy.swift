public import Batch

/// What a partner may ask for, and how its faults are treated.
public struct PartnerPolicy: Hashable, Sendable {
  /// What happens to a batch that has a line which can't be executed.
  public enum InvalidInstructionRule: String, Hashable, Sendable, CaseIterable {
    /// That line fails, the others go on.
    case continueBatch = "continue"
    /// Nobody is paid.
    case rejectBatch = "reject-batch"
  }

  /// What happens to an instruction that the partner has sent before.
  public enum DuplicateRule: String, Hashable, Sendable, CaseIterable {
    /// Nobody is paid: the GovStack rule.
    case rejectBatch = "reject-batch"
    /// That line fails, the others go on.
    case rejectInstruction = "reject-instruction"
  }

  /// How many different registered signers must have signed.
  public var requiredSignatures = 1
  /// Whether a batch must state its count and total.
  public var requiresControl = false
  /// The programmes it may use; `nil` for any.
  public var programs: Set<String>?
  /// The currencies it may use; `nil` for any.
  public var currencies: Set<Currency>?
  /// The kinds of batch it may send; `nil` for any.
  public var kinds: Set<BatchKind>?
  /// The most that one instruction may move, by currency; a currency that is not named has no limit.
  public var maximumInstruction: [Currency: Money] = [:]
  /// The most that one batch may move, by currency; a currency that is not named has no limit.
  public var maximumBatch: [Currency: Money] = [:]
  /// The most that its batches of one UTC day may move together, by currency; a currency that is not named has no limit.
  public var maximumDay: [Currency: Money] = [:]
  /// Whether its batches are paid only after an operator's release.
  public var requiresRelease = false
  /// When so many of a batch's instructions fail that the rest is held; `nil` for never.
  public var failureLimit: FailureLimit?
  /// What a line that can't be executed does to its batch.
  public var onInvalidInstruction = InvalidInstructionRule.continueBatch
  /// What a repeated instruction does to its batch.
  public var onDuplicate = DuplicateRule.rejectBatch
  /// Where it is told of its batches that are held, rejected or done.
  public var notices = NoticeTargets.none

  /// A partner with one signature and no limits.
  public init() {}

  /// The instruction, refused when its amount is over the limit for one.
  public func limited(_ instruction: Instruction) -> Instruction {
    guard instruction.refusal == nil, let amount = instruction.amount, let limit = maximumInstruction[amount.currency],
      amount.minorUnits > limit.minorUnits
    else { return instruction }
    return instruction.refused(
      for: Reason(.amountOverLimit, "the amount is over the limit of \(limit) for one instruction"))
  }
}
