public import Batch
public import Wallet

/// Who works: one process's hold on a home. A new process is a new owner.
public struct ClaimOwner: RawRepresentable, Hashable, Sendable {
  /// A name that no other process ever has: machine, process, start, random.
  public let rawValue: String
  /// An owner by its name.
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// The right to record outcomes of some instructions.
public struct ClaimToken: Hashable, Sendable {
  /// The batch.
  public let batch: BatchNumber
  /// The claim's number, which only grows: a later claim of the same instructions has a higher one, and an outcome
  /// under an earlier one is refused.
  public let fence: Int64
  /// Who holds it.
  public let owner: ClaimOwner

  /// A token that the journal gave.
  public init(batch: BatchNumber, fence: Int64, owner: ClaimOwner) {
    self.batch = batch
    self.fence = fence
    self.owner = owner
  }
}

/// A chunk of instructions in one owner's hands.
public struct Claim: Sendable {
  /// The right to record their outcomes.
  public let token: ClaimToken
  /// The instructions, in the batch's order.
  public let instructions: [ClaimedInstruction]

  /// A claim of `instructions`.
  public init(token: ClaimToken, instructions: [ClaimedInstruction]) {
    self.token = token
    self.instructions = instructions
  }
}

/// An instruction in an owner's hands, with where its life stands.
public struct ClaimedInstruction: Sendable {
  /// What is to be done.
  public let instruction: Instruction
  /// Which attempt it is, from 1; part of the reference.
  public let attempt: Int
  /// Where its life stands.
  public let life: InstructionLifecycle

  /// An instruction at its `attempt`.
  public init(instruction: Instruction, attempt: Int, life: InstructionLifecycle) {
    self.instruction = instruction
    self.attempt = attempt
    self.life = life
  }
}

/// What was learnt about one instruction of a claim.
public struct InstructionAnswer: Sendable {
  /// Its position in the batch.
  public let position: Int
  /// The event in its life.
  public let event: InstructionLifecycle.Event
  /// The reference under which the wallet knows it.
  public let reference: TransferReference?

  /// An answer for the instruction at `position`.
  public init(position: Int, event: InstructionLifecycle.Event, reference: TransferReference?) {
    self.position = position
    self.event = event
    self.reference = reference
  }
}
