import Journal
import Testing

@Suite("The life of a batch")
struct BatchLifecycleTests {
  typealias State = BatchLifecycle.State
  typealias Event = BatchLifecycle.Event
  typealias Action = BatchLifecycle.Action

  /// What is allowed; every other pair is refused.
  static let allowed: [State: [Event: (State, Action)]] = [
    .admitting: [.admitted: (.admitted, .dispatch), .rejected: (.rejected, .discard)],
    .admitted: [
      .publishedWhole: (.completed, .finish), .publishedPartly: (.partial, .followUp),
      .released: (.admitted, .dispatch),
    ],
    .partial: [
      .publishedWhole: (.completed, .finish), .publishedPartly: (.partial, .followUp), .released: (.partial, .dispatch),
    ],
    .completed: [.publishedWhole: (.completed, .finish), .released: (.partial, .dispatch)],
    .rejected: [:],
  ]

  @Test("goes on as the table says, and refuses the rest", arguments: State.allCases, Event.allCases)
  func table(state: State, event: Event) {
    var life = BatchLifecycle(state: state)
    let action = life.handle(event)
    let expected = Self.allowed[state]?[event] ?? (state, .refuse)
    #expect(life.state == expected.0)
    #expect(action == expected.1)
  }

  @Test("lets lines be claimed only between admission and the whole result")
  func dispatchable() {
    #expect(State.allCases.filter { BatchLifecycle(state: $0).isDispatchable } == [.admitted, .partial])
  }

  @Test("lets a result be published of what was admitted, again and again")
  func publishable() {
    #expect(
      State.allCases.filter { BatchLifecycle(state: $0).isPublishable } == [.admitted, .partial, .completed])
  }

  @Test("ends by a rejection or a whole result")
  func final() {
    #expect(State.allCases.filter { BatchLifecycle(state: $0).isFinal } == [.rejected, .completed])
  }

  typealias HoldEvent = BatchLifecycle.HoldEvent

  /// What each event does to a batch that is not finished, by what holds it; every other pair is refused.
  static let holds: [HoldEvent: [BatchHold?: BatchHold]] = [
    .heldForRelease: [nil: .awaitingRelease, .awaitingRelease: .awaitingRelease],
    .heldByFailureRate: [nil: .failureRate, .failureRate: .failureRate],
    .heldByOperator: [nil: .operatorStop, .operatorStop: .operatorStop],
  ]
  static let lifts: [HoldEvent: Set<BatchHold?>] = [
    .approved: [.awaitingRelease], .resumed: [.failureRate, .operatorStop],
    .cancelled: [nil, .awaitingRelease, .failureRate, .operatorStop],
  ]

  @Test(
    "is held and let go as the table says, and refuses the rest", arguments: [nil] + BatchHold.allCases,
    HoldEvent.allCases)
  func holdTable(hold: BatchHold?, event: HoldEvent) {
    var life = BatchLifecycle(state: .admitted, hold: hold)
    let action = life.handle(event)
    if let next = Self.holds[event]?[hold] {
      #expect(action == .hold)
      #expect(life.hold == next)
    } else if Self.lifts[event]?.contains(hold) == true {
      #expect(action == .dispatch)
      #expect(life.hold == nil)
    } else {
      #expect(action == .refuse)
      #expect(life.hold == hold)
    }
  }

  @Test("can't be held before its admission or after its end", arguments: [State.admitting, .rejected, .completed])
  func unholdable(state: State) {
    for event in HoldEvent.allCases {
      var life = BatchLifecycle(state: state)
      #expect(life.handle(event) == .refuse)
    }
  }

  @Test("gives no line out while something holds it")
  func heldLines() {
    #expect(!BatchLifecycle(state: .admitted, hold: .awaitingRelease).isDispatchable)
  }

  @Test("nothing holds what is complete")
  func completeIsFree() {
    var life = BatchLifecycle(state: .admitted, hold: .failureRate)
    _ = life.handle(.publishedWhole)
    #expect(life.hold == nil)
  }
}
