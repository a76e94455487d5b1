/// The life of a batch as a pure value: events in, actions out, no clock and no I/O.
///
/// `admitting → admitted → executed → completed | partial`, or `rejected`. A partial batch goes on to a later revision.
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

  /// Where the life stands.
  public private(set) var state: State

  /// A life at `state`, as the journal has it.
  public init(state: State = .admitting) { self.state = state }
}
