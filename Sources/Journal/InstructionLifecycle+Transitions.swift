internal import Wallet

extension InstructionLifecycle {
  /// Whether nothing more happens by itself.
  public var isFinal: Bool {
    switch state {
    case .settled, .rejected: true
    case .admitted, .claimed, .sent, .inDoubt: false
    }
  }

  /// Goes on by `event` and says what it asks for. Every way on keeps to one rule: who may have been paid is asked for,
  /// and sent again only under the same reference, after the wallet said that it has never heard of it.
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .claimed: claimed()
    case .refused: refused()
    case .answered(let outcome): answered(outcome)
    case .enquired(let outcome): enquired(outcome)
    case .ownerLost: ownerLost()
    case .released: released()
    case .settledByHand: settledByHand()
    }
  }

  private mutating func claimed() -> Action {
    switch state {
    case .admitted: go(to: .claimed, .send)
    // Taken over to be asked for; what the wallet knows does not change by that.
    case .sent: go(to: .sent, .enquire)
    case .inDoubt: go(to: .inDoubt, .enquire)
    case .claimed, .settled, .rejected: .refuse
    }
  }

  private mutating func refused() -> Action {
    switch state {
    case .admitted, .claimed: go(to: .rejected, .finish)
    case .rejected: .wait
    // A request may have left: only the wallet can say that nothing moved.
    case .sent, .inDoubt, .settled: .refuse
    }
  }

  private mutating func answered(_ outcome: SubmitOutcome) -> Action {
    switch (state, outcome) {
    case (.claimed, .accepted), (.sent, .accepted), (.inDoubt, .accepted): go(to: .sent, .wait)
    case (.claimed, .settled), (.sent, .settled), (.inDoubt, .settled): go(to: .settled, .finish)
    case (.claimed, .rejected), (.inDoubt, .rejected): go(to: .rejected, .finish)
    // What was rejected is the repetition; the request before it was taken, and only its status tells.
    case (.sent, .rejected): go(to: .inDoubt, .enquire)
    case (.claimed, .inDoubt), (.inDoubt, .inDoubt): go(to: .inDoubt, .enquire)
    case (.sent, .inDoubt): go(to: .sent, .enquire)
    // Nothing has left under this reference, so nobody has to be asked, and a wallet that is down for an hour does not
    // leave a million questions behind. It must be claimed again before it is sent: whoever sends has said so durably.
    case (.claimed, .notSent): go(to: .admitted, .wait)
    // Only the repetition never left; the request before it may have.
    case (.sent, .notSent): go(to: .sent, .enquire)
    case (.inDoubt, .notSent): go(to: .inDoubt, .enquire)
    case (.admitted, .accepted), (.admitted, .settled), (.admitted, .rejected), (.admitted, .inDoubt),
      (.admitted, .notSent):
      .refuse
    // A late answer that says the same, or less, changes nothing. One that says the contrary is for a person.
    case (.settled, .accepted), (.settled, .settled), (.settled, .inDoubt), (.settled, .notSent): .wait
    case (.rejected, .accepted), (.rejected, .rejected), (.rejected, .inDoubt), (.rejected, .notSent): .wait
    case (.settled, .rejected), (.rejected, .settled): .refuse
    }
  }

  private mutating func enquired(_ outcome: StatusOutcome) -> Action {
    switch (state, outcome) {
    case (.claimed, .pending), (.sent, .pending), (.inDoubt, .pending): go(to: .sent, .wait)
    case (.claimed, .settled), (.sent, .settled), (.inDoubt, .settled): go(to: .settled, .finish)
    case (.claimed, .rejected), (.sent, .rejected), (.inDoubt, .rejected): go(to: .rejected, .finish)
    // The life stays in doubt while it is sent again: a crash in between asks again.
    case (.inDoubt, .unknown): go(to: .inDoubt, .send)
    case (.claimed, .unknown): go(to: .claimed, .send)
    // The wallet said it took it and now has never heard of it: ask once more before believing that.
    case (.sent, .unknown): go(to: .inDoubt, .enquire)
    case (.sent, .inDoubt): go(to: .sent, .wait)
    case (.claimed, .inDoubt), (.inDoubt, .inDoubt): go(to: .inDoubt, .wait)
    case (.admitted, .pending), (.admitted, .settled), (.admitted, .rejected), (.admitted, .unknown),
      (.admitted, .inDoubt):
      .refuse
    // As for late answers to requests. A question may have been asked before the end was known.
    case (.settled, .pending), (.settled, .settled), (.settled, .unknown), (.settled, .inDoubt): .wait
    case (.rejected, .pending), (.rejected, .rejected), (.rejected, .unknown), (.rejected, .inDoubt): .wait
    case (.settled, .rejected), (.rejected, .settled): .refuse
    }
  }

  private mutating func ownerLost() -> Action {
    switch state {
    case .claimed, .inDoubt: go(to: .inDoubt, .enquire)
    case .sent: go(to: .sent, .enquire)
    case .settled, .rejected: .wait
    // Nobody had it.
    case .admitted: .refuse
    }
  }

  private mutating func released() -> Action {
    switch state {
    // A new attempt, under a new reference: the old one is certain to have moved nothing.
    case .rejected: go(to: .admitted, .wait)
    case .admitted, .claimed, .sent, .inDoubt, .settled: .refuse
    }
  }

  private mutating func settledByHand() -> Action {
    switch state {
    case .rejected, .inDoubt: go(to: .settled, .finish)
    // The wallet has it, or will get it: whoever is paid by hand besides is paid twice.
    case .admitted, .claimed, .sent, .settled: .refuse
    }
  }

  private mutating func go(to next: State, _ action: Action) -> Action {
    state = next
    return action
  }
}
