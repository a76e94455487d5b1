import Testing
import Vouchers

@Suite("The life of a voucher")
struct VoucherLifecycleTests {
  typealias State = VoucherLifecycle.State
  typealias Event = VoucherLifecycle.Event

  struct Step {
    let state: State
    let event: Event
    let next: State
    let action: VoucherLifecycle.Action
  }

  // Everything that may happen; all other pairs are refused.
  static let steps: [Step] = [
    Step(state: .preActivated, event: .activate, next: .activated, action: .reserve),
    Step(state: .preActivated, event: .cancel, next: .cancelled, action: .store),
    Step(state: .activated, event: .redeem, next: .consumed, action: .payOut),
    Step(state: .activated, event: .suspend, next: .suspended, action: .store),
    Step(state: .activated, event: .block, next: .blocked, action: .store),
    Step(state: .activated, event: .cancel, next: .cancelled, action: .release),
    Step(state: .activated, event: .expire, next: .expired, action: .release),
    Step(state: .suspended, event: .resume, next: .activated, action: .store),
    Step(state: .suspended, event: .block, next: .blocked, action: .store),
    Step(state: .suspended, event: .cancel, next: .cancelled, action: .release),
    Step(state: .suspended, event: .expire, next: .expired, action: .release),
    Step(state: .blocked, event: .cancel, next: .cancelled, action: .release),
    Step(state: .blocked, event: .expire, next: .expired, action: .release),
    Step(state: .consumed, event: .purge, next: .purged, action: .forget),
    Step(state: .cancelled, event: .purge, next: .purged, action: .forget),
    Step(state: .expired, event: .purge, next: .purged, action: .forget),
  ]

  @Test("takes each event in each state as the table says, and refuses all others without a change")
  func table() {
    for state in State.allCases {
      for event in Event.allCases {
        var life = VoucherLifecycle(state: state)
        let action = life.handle(event)
        let step = Self.steps.first { $0.state == state && $0.event == event }
        #expect(action == step?.action ?? .refuse, "\(state), \(event)")
        #expect(life.state == step?.next ?? state, "\(state), \(event)")
      }
    }
  }

  @Test("moves money into the float when it becomes live and out of it when it ends, and only then")
  func money() {
    for state in State.allCases {
      for event in Event.allCases {
        var life = VoucherLifecycle(state: state)
        switch life.handle(event) {
        case .reserve: #expect(!state.isLive && life.state.isLive)
        case .payOut, .release: #expect(state.isLive && !life.state.isLive)
        case .store, .forget, .refuse: #expect(state.isLive == life.state.isLive)
        }
      }
    }
  }
}
