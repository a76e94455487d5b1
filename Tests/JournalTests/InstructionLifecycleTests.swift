import Batch
import Journal
import Testing
import Wallet

@Suite("The life of an instruction")
struct InstructionLifecycleTests {
  typealias State = InstructionLifecycle.State
  typealias Event = InstructionLifecycle.Event
  typealias Action = InstructionLifecycle.Action

  /// One event with what it does in each state, in the order of `State.allCases`:
  /// admitted, claimed, sent, in doubt, settled, rejected.
  struct Case: Sendable, CustomTestStringConvertible {
    let event: Event
    let expected: [(State, Action)]
    var testDescription: String { "\(event)" }
  }

  static let reason = Reason(.walletRejected, "no")
  static let settlement = Settlement(financialTransactionID: "1", completedAt: Timestamp(millisecondsSinceEpoch: 5))

  static let refused = (
    admitted: (State.admitted, Action.refuse), settled: (State.settled, Action.refuse),
    rejected: (State.rejected, Action.refuse)
  )
  static let settledStays = (State.settled, Action.wait)
  static let rejectedStays = (State.rejected, Action.wait)
  static let settles = (State.settled, Action.finish)
  static let rejects = (State.rejected, Action.finish)

  static let cases: [Case] = [
    Case(
      event: .claimed,
      expected: [
        (.claimed, .send), (.claimed, .refuse), (.sent, .enquire), (.inDoubt, .enquire), refused.settled,
        refused.rejected,
      ]),
    Case(
      event: .refused(reason),
      expected: [rejects, rejects, (.sent, .refuse), (.inDoubt, .refuse), refused.settled, rejectedStays]),
    Case(
      event: .ownerLost,
      expected: [
        refused.admitted, (.inDoubt, .enquire), (.sent, .enquire), (.inDoubt, .enquire), settledStays, rejectedStays,
      ]),
    Case(
      event: .released,
      expected: [
        refused.admitted, (.claimed, .refuse), (.sent, .refuse), (.inDoubt, .refuse), refused.settled,
        (.admitted, .wait),
      ]),
    Case(
      event: .settledByHand,
      expected: [
        refused.admitted, (.claimed, .refuse), (.sent, .refuse), settles, refused.settled, settles,
      ]),
    Case(
      event: .answered(.accepted),
      expected: [refused.admitted, (.sent, .wait), (.sent, .wait), (.sent, .wait), settledStays, rejectedStays]),
    Case(
      event: .answered(.settled(settlement)),
      expected: [refused.admitted, settles, settles, settles, settledStays, refused.rejected]),
    Case(
      event: .answered(.rejected(reason)),
      expected: [refused.admitted, rejects, (.inDoubt, .enquire), rejects, refused.settled, rejectedStays]),
    Case(
      event: .answered(.inDoubt("?")),
      expected: [
        refused.admitted, (.inDoubt, .enquire), (.sent, .enquire), (.inDoubt, .enquire), settledStays, rejectedStays,
      ]),
    Case(
      event: .answered(.notSent("?")),
      expected: [
        refused.admitted, (.admitted, .wait), (.sent, .enquire), (.inDoubt, .enquire), settledStays, rejectedStays,
      ]),
    Case(
      event: .enquired(.pending),
      expected: [refused.admitted, (.sent, .wait), (.sent, .wait), (.sent, .wait), settledStays, rejectedStays]),
    Case(
      event: .enquired(.settled(settlement)),
      expected: [refused.admitted, settles, settles, settles, settledStays, refused.rejected]),
    Case(
      event: .enquired(.rejected(reason)),
      expected: [refused.admitted, rejects, rejects, rejects, refused.settled, rejectedStays]),
    Case(
      event: .enquired(.unknown),
      expected: [
        refused.admitted, (.claimed, .send), (.inDoubt, .enquire), (.inDoubt, .send), settledStays, rejectedStays,
      ]),
    Case(
      event: .enquired(.inDoubt("?")),
      expected: [
        refused.admitted, (.inDoubt, .wait), (.sent, .wait), (.inDoubt, .wait), settledStays, rejectedStays,
      ]),
  ]

  @Test("goes on as the table says, from every state by every event", arguments: cases)
  func goesOn(line: Case) {
    #expect(line.expected.count == State.allCases.count)
    for (state, expected) in zip(State.allCases, line.expected) {
      var life = InstructionLifecycle(state: state)
      let action = life.handle(line.event)
      #expect(life.state == expected.0, "\(state) by \(line.event)")
      #expect(action == expected.1, "\(state) by \(line.event)")
    }
  }

  @Test("never changes by an event that it refuses", arguments: cases)
  func refusalChangesNothing(line: Case) {
    for state in State.allCases {
      var life = InstructionLifecycle(state: state)
      if life.handle(line.event) == .refuse { #expect(life.state == state) }
    }
  }

  @Test("asks to send only what was never sent, or what the wallet has never heard of", arguments: cases)
  func sendsOnlyWhatIsSafe(line: Case) {
    for state in State.allCases {
      var life = InstructionLifecycle(state: state)
      guard life.handle(line.event) == .send else { continue }
      #expect((state == .admitted && line.event == .claimed) || line.event == .enquired(.unknown))
    }
  }

  @Test("once settled, stays so", arguments: cases)
  func settledIsFinal(line: Case) {
    var life = InstructionLifecycle(state: .settled)
    _ = life.handle(line.event)
    #expect(life.state == .settled)
  }
}
