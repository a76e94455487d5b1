public import Batch
internal import GRDB
internal import Storage
public import Wallet

/// Turns orders into active vouchers, each once, with its money in the float.
///
/// Three durable steps, all under the order's reference: the voucher is written down, its money is reserved, the voucher
/// is activated. Whatever step a crash comes after, the same order or a question for its status goes on from there.
public final class VoucherIssuer: Sendable {
  private let store: VoucherStore
  private let float: any VoucherFloat

  /// An issuer of vouchers into `store`, with money in `float`.
  public init(store: VoucherStore, float: any VoucherFloat) {
    self.store = store
    self.float = float
  }

  /// Issues, or activates, one voucher for each order. The answers are in the order of `orders`.
  ///
  /// The same reference again answers the first outcome; with other terms it is in doubt, for a person to look.
  public func issue(_ orders: [VoucherOrder]) async -> [SubmitOutcome] {
    guard !orders.isEmpty else { return [] }
    let drafts: [VoucherDraft]
    do {
      drafts = try await draft(orders)
    } catch {
      // No money was asked for.
      return orders.map { _ in .notSent("\(error)") }
    }
    CrashPoint.reached(.voucherDrawn)
    var outcomes = drafts.map { draft -> SubmitOutcome in
      if case .final(let outcome) = draft { outcome } else { .inDoubt("the float gave no answer") }
    }
    await answerKnown(drafts, orders, into: &outcomes)
    await pay(drafts, orders, into: &outcomes)
    return outcomes
  }

  /// What became of orders. An order whose money is in the float gets its voucher activated now.
  public func status(of references: [TransferReference]) async -> [StatusOutcome] {
    do {
      let rows = try await rows(of: references)
      let answers = await float.status(of: references)
      var outcomes = zip(rows, answers).map { row, answer in Self.status(of: row, answer) }
      var places: [Int] = []
      var money: [VoucherMoney] = []
      for (place, (row, answer)) in zip(rows, answers).enumerated() {
        guard let row, row.life.state == .preActivated, let outcome = answer.end else { continue }
        places.append(place)
        money.append(
          VoucherMoney(
            sequence: row.sequence, reference: references[place], groupCode: row.groupCode, outcome: outcome))
      }
      for (place, outcome) in zip(places, try await settle(money)) { outcomes[place] = StatusOutcome(outcome) }
      return outcomes
    } catch {
      return references.map { _ in .inDoubt("\(error)") }
    }
  }

  /// The active vouchers that were ordered under `references`, in the same order, with their numbers in clear: for the
  /// sealed result and nothing else. `nil` where no voucher was activated.
  public func vouchers(for references: [TransferReference]) async throws(VoucherError) -> [IssuedVoucher?] {
    try await store.read { db, session in
      var reader = try VoucherReader(db)
      return try references.map { reference in
        guard let row = try reader.row(of: reference), row.life.state != .preActivated,
          let serialNumber = SerialNumber(sequence: row.sequence)
        else { return nil }
        let number = try session.open(row.sealedNumber, keyVersion: row.keyVersion, for: row.terms)
        return IssuedVoucher(
          serialNumber: serialNumber.digits, voucherNumber: number.revealed(), expiryDate: row.expiresAt,
          groupCode: row.groupCode)
      }
    }
  }

  // MARK: Steps

  private func draft(_ orders: [VoucherOrder]) async throws(VoucherError) -> [VoucherDraft] {
    try await store.write { [now = store.clock.now()] db, session, source, index in
      var drafting = try VoucherDrafting(
        db, drawing: orders.count { $0.request.serialNumber == nil }, from: source, session: session, index: index,
        at: now)
      let drafts = try orders.map { try drafting.draft($0) }
      try drafting.finish()
      CrashPoint.reached(.voucherDrawBeforeCommit)
      return drafts
    }
  }

  private func pay(_ drafts: [VoucherDraft], _ orders: [VoucherOrder], into outcomes: inout [SubmitOutcome]) async {
    var pending: [(place: Int, sequence: Int64)] = []
    for (place, draft) in drafts.enumerated() {
      if case .pending(let sequence) = draft { pending.append((place, sequence)) }
    }
    guard !pending.isEmpty else { return }
    let answers = await float.reserve(pending.map { orders[$0.place].movement })
    precondition(answers.count == pending.count, "a float answers each movement")
    CrashPoint.reached(.voucherReserved)
    let money = zip(pending, answers).map { pending, answer in
      VoucherMoney(
        sequence: pending.sequence, reference: orders[pending.place].reference,
        groupCode: orders[pending.place].request.groupCode, outcome: answer)
    }
    do {
      for (pending, outcome) in zip(pending, try await settle(money)) { outcomes[pending.place] = outcome }
    } catch {
      for (pending, answer) in zip(pending, answers) {
        // Only what moved money is in doubt; the others may be told as they are.
        if case .settled = answer {
          outcomes[pending.place] = .inDoubt("the money is in the float, the voucher is not active: \(error)")
        } else {
          outcomes[pending.place] = answer
        }
      }
    }
  }

  /// Carries out what the float answered for pending vouchers.
  private func settle(_ money: [VoucherMoney]) async throws(VoucherError) -> [SubmitOutcome] {
    guard !money.isEmpty else { return [] }
    let outcomes = try await store.write { [now = store.clock.now()] db, _, _, index in
      var activation = try VoucherActivation(db, index: index, at: now)
      let outcomes = try activation.settle(money)
      try activation.finish()
      CrashPoint.reached(.voucherActivateBeforeCommit)
      return outcomes
    }
    CrashPoint.reached(.voucherActivated)
    // A step of its own, which no voucher depends on: what fails here is tried again after the next orders.
    _ = try? await store.write { db, _, _, index in
      try index.mergeIfDue(db)
      CrashPoint.reached(.voucherIndexBeforeCommit)
    }
    return outcomes
  }

  /// Answers orders whose vouchers were active before: the wallet knows the number of the money's movement.
  private func answerKnown(
    _ drafts: [VoucherDraft], _ orders: [VoucherOrder], into outcomes: inout [SubmitOutcome]
  ) async {
    var known: [(place: Int, activatedAt: Timestamp)] = []
    for (place, draft) in drafts.enumerated() {
      if case .known(let activatedAt) = draft { known.append((place, activatedAt)) }
    }
    guard !known.isEmpty else { return }
    let answers = await float.status(of: known.map { orders[$0.place].reference })
    for (known, answer) in zip(known, answers) {
      switch Self.status(activatedAt: known.activatedAt, answer) {
      case .settled(let settlement): outcomes[known.place] = .settled(settlement)
      case .inDoubt(let text): outcomes[known.place] = .inDoubt(text)
      case .pending, .rejected, .unknown: break
      }
    }
  }

  private func rows(of references: [TransferReference]) async throws(VoucherError) -> [VoucherRow?] {
    try await store.read { db, _ in
      var reader = try VoucherReader(db)
      return try references.map { try reader.row(of: $0) }
    }
  }

  // MARK: Meaning

  private static func status(of row: VoucherRow?, _ answer: StatusOutcome) -> StatusOutcome {
    guard let row else {
      switch answer {
      case .unknown, .rejected, .inDoubt: return answer
      case .pending, .settled: return .inDoubt("the money of a voucher is in the float, and the voucher is not there")
      }
    }
    return row.life.state == .preActivated ? answer : status(activatedAt: row.activatedAt, answer)
  }

  private static func status(activatedAt: Timestamp, _ answer: StatusOutcome) -> StatusOutcome {
    switch answer {
    case .settled(let settlement):
      StatusOutcome(VoucherActivation.outcome(settlement, activatedAt: activatedAt))
    case .inDoubt(let text): .inDoubt(text)
    case .pending, .rejected, .unknown: .inDoubt("the voucher is active, and the wallet does not have its money")
    }
  }
}

extension StatusOutcome {
  /// What a final answer of the float means for a pending voucher; `nil` for one that is not final.
  fileprivate var end: SubmitOutcome? {
    switch self {
    case .settled(let settlement): .settled(settlement)
    case .rejected(let reason): .rejected(reason)
    case .pending, .unknown, .inDoubt: nil
    }
  }

  /// The answer to a question, from the answer to an order.
  fileprivate init(_ outcome: SubmitOutcome) {
    switch outcome {
    case .accepted: self = .pending
    case .settled(let settlement): self = .settled(settlement)
    case .rejected(let reason): self = .rejected(reason)
    case .inDoubt(let text), .notSent(let text): self = .inDoubt(text)
    }
  }
}
