/// The life of a batch as a pure value: events in, actions out, no clock and no I/O.
///
/// `admitting → admitted → completed | partial`, or `rejected`. A partial batch goes on to a later revision. A hold stands
/// beside the state: whatever holds a batch, it is where it was, and nothing more of it is sent.
public struct BatchLifecycle: Hashable, Sendable {
  /// Where the life stands. The raw value is what the journal stores.
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    /// Its instructions are being written down; nothing was paid.
    case admitting = 0
    /// Checked and whole; its instructions may be dispatched.
    case admitted = 1
    /// Refused whole; nobody is paid.
    case rejected = 2
    /// A result was published with some lines pending, or a line has changed since.
    case partial = 3
    /// A result was published with every line final.
    case completed = 4
  }

  /// What can happen to a batch.
  public enum Event: Hashable, Sendable, CaseIterable {
    /// Every instruction is written down and the whole was found good.
    case admitted
    /// It was refused whole.
    case rejected
    /// A result took its place with every line final.
    case publishedWhole
    /// A result took its place with some lines pending, or overtaken by a change that it does not tell.
    case publishedPartly
    /// An operator ordered a new attempt at lines that were rejected.
    case released
  }

  /// What can stop a batch, or let it go on.
  public enum HoldEvent: Hashable, Sendable, CaseIterable {
    /// Its partner's batches wait for an operator's release.
    case heldForRelease
    /// Too many of its lines fail.
    case heldByFailureRate
    /// An operator stopped it.
    case heldByOperator
    /// An operator released it.
    case approved
    /// An operator, who has seen why it was stopped, lets it go on.
    case resumed
    /// The rest is not to be sent any more: an operator's word, or the batch's end.
    case cancelled
  }

  /// What the event asks for.
  public enum Action: Hashable, Sendable {
    /// Pay what is not final.
    case dispatch
    /// Remove its instructions, so that their IDs can be used again.
    case discard
    /// Go on asking; a later revision follows.
    case followUp
    /// Send nothing more until the hold is lifted.
    case hold
    /// Nothing is left to do.
    case finish
    /// The event can't happen in this state: whoever sent it has a fault, and nothing changes.
    case refuse
  }

  /// Where the life stands.
  public private(set) var state: State
  /// What holds it; `nil` when nothing does.
  public private(set) var hold: BatchHold?

  /// A life at `state`, as the journal has it.
  public init(state: State = .admitting, hold: BatchHold? = nil) {
    self.state = state
    self.hold = hold
  }

  /// Whether something is left to be done, held or not.
  public var isUnfinished: Bool {
    switch state {
    case .admitted, .partial: true
    case .admitting, .rejected, .completed: false
    }
  }

  /// Whether its instructions may be claimed.
  public var isDispatchable: Bool { isUnfinished && hold == nil }

  /// Whether a result may be published.
  public var isPublishable: Bool {
    switch state {
    case .admitted, .partial, .completed: true
    case .admitting, .rejected: false
    }
  }

  /// Whether nothing more happens by itself.
  public var isFinal: Bool {
    switch state {
    case .rejected, .completed: true
    case .admitting, .admitted, .partial: false
    }
  }

  /// Goes on by `event` and says what it asks for.
  public mutating func handle(_ event: Event) -> Action {
    switch (state, event) {
    case (.admitting, .admitted): go(to: .admitted, .dispatch)
    case (.admitting, .rejected): go(to: .rejected, .discard)
    case (.admitted, .publishedWhole), (.partial, .publishedWhole): go(to: .completed, .finish)
    case (.admitted, .publishedPartly), (.partial, .publishedPartly): go(to: .partial, .followUp)
    // Before the first result a new attempt changes nothing in the batch's own life; after it, a revision follows.
    case (.admitted, .released): go(to: .admitted, .dispatch)
    case (.partial, .released), (.completed, .released): go(to: .partial, .dispatch)
    // Once admitted, something may be paid: it can't be refused whole any more, nor admitted twice.
    case (.admitted, .admitted), (.admitted, .rejected), (.partial, .admitted), (.partial, .rejected),
      (.completed, .admitted), (.completed, .rejected):
      .refuse
    // Nothing is published or released of what was never admitted.
    case (.admitting, .publishedWhole), (.admitting, .publishedPartly), (.admitting, .released): .refuse
    // The same lines once more, under a later number: the file of the first result was lost.
    case (.completed, .publishedWhole): go(to: .completed, .finish)
    // A final line never becomes pending without a release in between.
    case (.completed, .publishedPartly): .refuse
    case (.rejected, .admitted), (.rejected, .rejected), (.rejected, .publishedWhole), (.rejected, .publishedPartly),
      (.rejected, .released):
      .refuse
    }
  }

  /// Stops, or goes on, by `event` and says what it asks for. Only what is unfinished can be held.
  public mutating func handle(_ event: HoldEvent) -> Action {
    guard isUnfinished else { return .refuse }
    switch (hold, event) {
    case (nil, .heldForRelease), (.awaitingRelease, .heldForRelease): return hold(by: .awaitingRelease)
    case (nil, .heldByFailureRate), (.failureRate, .heldByFailureRate): return hold(by: .failureRate)
    case (nil, .heldByOperator), (.operatorStop, .heldByOperator): return hold(by: .operatorStop)
    // One hold is enough, and each is lifted by its own word: a release is no look at failures, and no look a release.
    case (.failureRate, .heldForRelease), (.operatorStop, .heldForRelease), (.awaitingRelease, .heldByFailureRate),
      (.operatorStop, .heldByFailureRate), (.awaitingRelease, .heldByOperator), (.failureRate, .heldByOperator):
      return .refuse
    case (.awaitingRelease, .approved), (.failureRate, .resumed), (.operatorStop, .resumed): return lift()
    case (nil, .approved), (nil, .resumed), (.failureRate, .approved), (.operatorStop, .approved),
      (.awaitingRelease, .resumed):
      return .refuse
    // The rest can be ended whatever holds it: then it is answered instead of sent.
    case (nil, .cancelled), (.awaitingRelease, .cancelled), (.failureRate, .cancelled), (.operatorStop, .cancelled):
      return lift()
    }
  }

  private mutating func hold(by cause: BatchHold) -> Action {
    hold = cause
    return .hold
  }

  private mutating func lift() -> Action {
    hold = nil
    return .dispatch
  }

  private mutating func go(to next: State, _ action: Action) -> Action {
    state = next
    // Nothing of what is final can be held back.
    if isFinal { hold = nil }
    return action
  }
}
