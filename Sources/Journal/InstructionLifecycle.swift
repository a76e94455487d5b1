public import Batch
public import Wallet

/// The life of an instruction as a pure value: events in, actions out, no clock and no I/O.
///
/// `admitted → claimed → sent → settled | rejected`, with `inDoubt` for what may or may not have happened. The journal
/// stores `state`; the pipeline carries the actions out. `handle(_:)` decides every pair of state and event.
public struct InstructionLifecycle: Hashable, Sendable {
  /// Where the life stands. The raw value is what the journal stores.
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    /// Checked and written down; nobody works on it.
    case admitted = 0
    /// In an owner's hands; a request may have left.
    case claimed = 1
    /// The wallet took it and has not settled it.
    case sent = 2
    /// A request may have arrived or not; only the wallet can tell.
    case inDoubt = 3
    /// Money moved. Final.
    case settled = 4
    /// Nothing moved. Final, but for an operator's release of a new attempt.
    case rejected = 5
  }

  /// What can happen to an instruction.
  public enum Event: Hashable, Sendable {
    /// An owner took it, durably.
    case claimed
    /// It was refused before anything was sent.
    case refused(Reason)
    /// The wallet answered the request.
    case answered(SubmitOutcome)
    /// The wallet answered the question for the reference.
    case enquired(StatusOutcome)
    /// The owner is gone.
    case ownerLost
    /// An operator released a new attempt.
    case released
    /// An operator says that the payee was paid in another way.
    case settledByHand
  }

  /// What the event asks for.
  public enum Action: Hashable, Sendable {
    /// Ask the wallet to pay, under the reference of this attempt.
    case send
    /// Ask the wallet what became of the reference: nothing was asked since the doubt arose.
    case enquire
    /// Write the final outcome down.
    case finish
    /// Nothing to do now. What is not final is asked for, or claimed, again at the pipeline's own pace.
    case wait
    /// The event can't happen in this state: whoever sent it has a fault, and nothing changes.
    case refuse
  }

  /// Where the life stands.
  public internal(set) var state: State

  /// A life at `state`, as the journal has it.
  public init(state: State = .admitted) { self.state = state }
}
