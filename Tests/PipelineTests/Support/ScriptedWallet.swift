import Batch
import Wallet

/// A wallet that keeps its own books, and can be told what to do with each instruction.
actor ScriptedWallet: WalletAdapter {
  /// What it does with a transfer.
  enum Behaviour: Sendable {
    /// Pays at once.
    case settle
    /// Takes it, and answers `pending` so many times before it is settled.
    case accept(asks: Int)
    /// Takes it and never settles.
    case pendForEver
    /// Pays, but its answer is lost.
    case settleInDoubt
    /// The first request is lost on the way, and nobody knows; the next one is paid.
    case loseFirst
    /// Refuses, but its answer is lost.
    case rejectInDoubt(ReasonCode)
    /// Refuses.
    case reject(ReasonCode)
    /// Can't be reached.
    case unreachable
  }

  enum Call: Hashable, Sendable {
    case submit(TransferReference, String)
    case status(TransferReference)
  }

  private enum State {
    case pending(asks: Int?)
    case settled(Settlement)
    case rejected(Reason)
  }

  nonisolated let capabilities = WalletCapabilities(preferredBatchSize: 16)
  private let clock: any WallClock
  private var behaviours: [String: Behaviour] = [:]
  private var standard = Behaviour.settle
  private var book: [TransferReference: (transfer: Transfer, state: State)] = [:]
  private var lost: Set<TransferReference> = []
  private var inFlight: [Payee: Int] = [:]
  private var callsInFlight = 0
  private var held: CheckedContinuation<Void, Never>?
  private var holdsNext = false
  private var awaitingHeld: [CheckedContinuation<Void, Never>] = []

  /// Everything that was asked, in order.
  private(set) var calls: [Call] = []
  /// How often one payee was in flight at the same time.
  private(set) var mostAtOnceForOnePayee = 0
  /// How many calls were in flight at the same time.
  private(set) var mostCallsAtOnce = 0

  init(clock: any WallClock) { self.clock = clock }

  // MARK: The script

  func set(_ behaviour: Behaviour, for externalID: String) { behaviours[externalID] = behaviour }
  func setStandard(_ behaviour: Behaviour) { standard = behaviour }
  /// Holds the next call until a second one is there, or it is released.
  func holdNext() { holdsNext = true }
  /// Returns when a call is held.
  func whenHeld() async {
    if held == nil { await withCheckedContinuation { awaitingHeld.append($0) } }
  }
  /// Lets the held call go on.
  func release() {
    held?.resume()
    held = nil
  }
  /// Settles everything that is pending.
  func settlePending() {
    for (reference, entry) in book {
      guard case .pending = entry.state else { continue }
      let settlement = settlement()
      book[reference]?.state = .settled(settlement)
    }
  }

  // MARK: The books

  /// What was paid, in minor units.
  var debited: Int64 {
    book.values.reduce(0) { sum, entry in
      if case .settled = entry.state { sum + entry.transfer.amount.minorUnits } else { sum }
    }
  }
  /// How many different references paid or may pay each instruction.
  var referencesByInstruction: [String: Set<TransferReference>] {
    book.reduce(into: [:]) { $0[$1.value.transfer.externalID, default: []].insert($1.key) }
  }
  /// The provider that each instruction was sent with.
  var providers: [String: String] {
    book.values.reduce(into: [:]) { $0[$1.transfer.externalID] = $1.transfer.provider }
  }
  /// The references that were submitted for an instruction, each time it was.
  func submissions(of externalID: String) -> [TransferReference] {
    calls.compactMap { if case .submit(let reference, externalID) = $0 { reference } else { nil } }
  }
  var submitCount: Int { calls.count { if case .submit = $0 { true } else { false } } }

  // MARK: The wallet

  func balance(of partner: String, in currency: Currency) async throws(WalletError) -> Money {
    Money(minorUnits: 1_000_000_000, currency: currency)
  }

  func holder(_ payee: Payee) async throws(WalletError) -> HolderStatus { .active }

  func submit(_ transfers: [Transfer]) async -> [SubmitOutcome] {
    let payees = Set(transfers.map(\.payee))
    for payee in payees {
      inFlight[payee, default: 0] += 1
      mostAtOnceForOnePayee = max(mostAtOnceForOnePayee, inFlight[payee] ?? 0)
    }
    callsInFlight += 1
    mostCallsAtOnce = max(mostCallsAtOnce, callsInFlight)
    if holdsNext {
      holdsNext = false
      await withCheckedContinuation {
        held = $0
        for waiting in awaitingHeld { waiting.resume() }
        awaitingHeld = []
      }
    } else {
      release()
      // Lets others in, as a wallet at the end of a network does.
      for _ in 0..<20 { await Task.yield() }
    }
    let outcomes = transfers.map { post($0) }
    for payee in payees { inFlight[payee, default: 0] -= 1 }
    callsInFlight -= 1
    return outcomes
  }

  func status(of references: [TransferReference]) async -> [StatusOutcome] {
    references.map { reference in
      calls.append(.status(reference))
      guard let entry = book[reference] else { return .unknown }
      switch entry.state {
      case .pending(nil): return .pending
      case .pending(let asks?) where asks > 0:
        book[reference]?.state = .pending(asks: asks - 1)
        return .pending
      case .pending:
        let settlement = settlement()
        book[reference]?.state = .settled(settlement)
        return .settled(settlement)
      case .settled(let settlement): return .settled(settlement)
      case .rejected(let reason): return .rejected(reason)
      }
    }
  }

  private func post(_ transfer: Transfer) -> SubmitOutcome {
    let reference = transfer.reference
    calls.append(.submit(reference, transfer.externalID))
    // A reference that it has seen does nothing again.
    if let entry = book[reference] {
      return switch entry.state {
      case .pending: .accepted
      case .settled(let settlement): .settled(settlement)
      case .rejected(let reason): .rejected(reason)
      }
    }
    switch behaviours[transfer.externalID] ?? standard {
    case .settle: return settle(transfer)
    case .accept(let asks): return enter(transfer, .pending(asks: asks), .accepted)
    case .pendForEver: return enter(transfer, .pending(asks: nil), .accepted)
    case .settleInDoubt:
      _ = settle(transfer)
      return .inDoubt("the connection was dropped after the request")
    case .loseFirst:
      return lost.insert(reference).inserted ? .inDoubt("the connection was dropped") : settle(transfer)
    case .rejectInDoubt(let code):
      return enter(transfer, .rejected(Reason(code, "refused by the script")), .inDoubt("timed out"))
    case .reject(let code):
      let reason = Reason(code, "refused by the script")
      return enter(transfer, .rejected(reason), .rejected(reason))
    case .unreachable: return .notSent("connection refused")
    }
  }

  private func settle(_ transfer: Transfer) -> SubmitOutcome {
    let settlement = settlement()
    return enter(transfer, .settled(settlement), .settled(settlement))
  }

  private func enter(_ transfer: Transfer, _ state: State, _ outcome: SubmitOutcome) -> SubmitOutcome {
    book[transfer.reference] = (transfer, state)
    return outcome
  }

  private func settlement() -> Settlement {
    Settlement(financialTransactionID: "T\(book.count)", completedAt: clock.now())
  }
}
