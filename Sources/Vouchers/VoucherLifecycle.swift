/// The life of a voucher as a pure value: events in, actions out, no clock and no I/O.
///
/// `pre-activated → activated → consumed`, with suspended and blocked beside it; cancelled and expired end it too, and
/// what has ended is purged at last. The money of a voucher is in the float while it is activated, suspended or blocked.
public struct VoucherLifecycle: Hashable, Sendable {
  /// Where the life stands. The raw value is what the store keeps.
  public enum State: UInt8, Hashable, Sendable, CaseIterable {
    /// It exists and is worth nothing yet.
    case preActivated = 0
    /// It can be redeemed.
    case activated = 1
    /// It was redeemed. Final.
    case consumed = 2
    /// It can't be redeemed until it is resumed.
    case suspended = 3
    /// It can't be redeemed any more, for loss or fraud.
    case blocked = 4
    /// It was taken back. Final.
    case cancelled = 5
    /// Its time is over. Final.
    case expired = 6
    /// Its number is forgotten. Final.
    case purged = 7

    /// Whether the float holds its amount.
    public var isLive: Bool {
      switch self {
      case .activated, .suspended, .blocked: true
      case .preActivated, .consumed, .cancelled, .expired, .purged: false
      }
    }
  }

  /// What can happen to a voucher.
  public enum Event: Hashable, Sendable, CaseIterable {
    case activate
    case redeem
    case suspend
    case resume
    case block
    case cancel
    case expire
    case purge
  }

  /// What the event asks for.
  public enum Action: Hashable, Sendable {
    /// Write the new state down; the money stays where it is.
    case store
    /// The float must hold the amount before the new state is written.
    case reserve
    /// The float pays whoever redeems.
    case payOut
    /// The float gives the amount back to the partner.
    case release
    /// Write the new state down and forget the number.
    case forget
    /// The event can't happen in this state; nothing changes.
    case refuse
  }

  /// Where the life stands.
  public private(set) var state: State

  /// A life at `state`, as the store has it.
  public init(state: State = .preActivated) { self.state = state }

  /// Takes `event` in and says what it asks for.
  public mutating func handle(_ event: Event) -> Action {
    let (next, action) = Self.step(from: state, on: event)
    state = next
    return action
  }

  private static func step(from state: State, on event: Event) -> (State, Action) {
    switch (state, event) {
    case (.preActivated, .activate): (.activated, .reserve)
    case (.preActivated, .cancel): (.cancelled, .store)
    case (.preActivated, .redeem), (.preActivated, .suspend), (.preActivated, .resume), (.preActivated, .block),
      (.preActivated, .expire), (.preActivated, .purge):
      (state, .refuse)

    case (.activated, .redeem): (.consumed, .payOut)
    case (.activated, .suspend): (.suspended, .store)
    case (.activated, .block): (.blocked, .store)
    case (.activated, .cancel): (.cancelled, .release)
    case (.activated, .expire): (.expired, .release)
    case (.activated, .activate), (.activated, .resume), (.activated, .purge): (state, .refuse)

    case (.suspended, .resume): (.activated, .store)
    case (.suspended, .block): (.blocked, .store)
    case (.suspended, .cancel): (.cancelled, .release)
    case (.suspended, .expire): (.expired, .release)
    case (.suspended, .activate), (.suspended, .redeem), (.suspended, .suspend), (.suspended, .purge):
      (state, .refuse)

    case (.blocked, .cancel): (.cancelled, .release)
    case (.blocked, .expire): (.expired, .release)
    case (.blocked, .activate), (.blocked, .redeem), (.blocked, .suspend), (.blocked, .resume), (.blocked, .block),
      (.blocked, .purge):
      (state, .refuse)

    case (.consumed, .purge), (.cancelled, .purge), (.expired, .purge): (.purged, .forget)
    case (.consumed, .activate), (.consumed, .redeem), (.consumed, .suspend), (.consumed, .resume),
      (.consumed, .block), (.consumed, .cancel), (.consumed, .expire):
      (state, .refuse)
    case (.cancelled, .activate), (.cancelled, .redeem), (.cancelled, .suspend), (.cancelled, .resume),
      (.cancelled, .block), (.cancelled, .cancel), (.cancelled, .expire):
      (state, .refuse)
    case (.expired, .activate), (.expired, .redeem), (.expired, .suspend), (.expired, .resume), (.expired, .block),
      (.expired, .cancel), (.expired, .expire):
      (state, .refuse)
    case (.purged, .activate), (.purged, .redeem), (.purged, .suspend), (.purged, .resume), (.purged, .block),
      (.purged, .cancel), (.purged, .expire), (.purged, .purge):
      (state, .refuse)
    }
  }
}
