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
}
