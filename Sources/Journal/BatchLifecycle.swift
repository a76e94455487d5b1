/// The life of a batch as a pure value: events in, actions out, no clock and no I/O.
///
/// `admitting → admitted → completed | partial`, or `rejected`. A partial batch goes on to a later revision.
public struct BatchLifecycle: Hashable, Sendable {
  /// Where the life stands. The raw value is what the journal stores.
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    /// Its instructions are being written down; nothing was paid.
    case admitting = 0
    /// Checked and whole; its instructions may be dispatched.
    case admitted = 1
    /// Refused whole; nobody is paid.
    case rejected = 2
    /// A result was published with some lines pending.
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
    /// A result took its place with some lines pending.
    case publishedPartly
    /// An operator released a new attempt at lines that were rejected.
    case released
  }

  /// What the event asks for.
  public enum Action: Hashable, Sendable {
    /// Pay what is not final.
    case dispatch
    /// Remove its instructions, so that their IDs can be used again.
    case discard
    /// Go on asking; a later revision follows.
    case followUp
    /// Nothing is left to do.
    case finish
    /// The event can't happen in this state: whoever sent it has a fault, and nothing changes.
    case refuse
  }

  /// Where the life stands.
  public private(set) var state: State

  /// A life at `state`, as the journal has it.
  public init(state: State = .admitting) { self.state = state }

  /// Whether its instructions may be claimed.
  public var isDispatchable: Bool {
    switch state {
    case .admitted, .partial: true
    case .admitting, .rejected, .completed: false
    }
  }

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

  private mutating func go(to next: State, _ action: Action) -> Action {
    state = next
    return action
  }
}
