import Batch
import Cryptography
import Journal
import Partners
import Wallet

/// How the work is spread.
public struct DispatchSettings: Hashable, Sendable {
  /// How many lanes go to the wallet.
  public var lanes = 4
  /// How many instructions are claimed at once: one durable write each.
  public var claimSize = 8_192
  /// How many claims may be in flight.
  public var claimsInFlight = 3
  /// For how long a final answer is waited for before a result is published without it.
  public var waitForFinalSeconds = 60
  /// The settings that suit a small machine.
  public init() {}
}

/// Takes an admitted batch through the lanes until every instruction has an answer.
struct Dispatcher: Sendable {
  let journal: any Journal
  let executor: any Executor
  let lanes: [Lane]
  let clock: any WallClock
  let owner: ClaimOwner
  let settings: DispatchSettings
  let failureLimit: FailureLimit?
  let progress: ProgressObserver

  /// Why nothing is sent after a batch's end.
  static let expired = Reason(.expired, "the batch expired before this instruction was sent")

  /// Runs the batch. The caller holds its lock.
  ///
  /// - Throws: `PipelineError.walletUnavailable` when nothing can be sent now; what was claimed is asked for next time.
  ///   `PipelineError.held` when it was stopped on the way.
  func run(_ batch: BatchRecord, scheme: ReferenceScheme) async throws {
    let desk = Desk(batch: batch, scheme: scheme)
    try await journal.expireClaims(of: batch.number, except: owner, at: clock.now())
    try await resolve(desk, isRepeated: false)
    try await send(desk)
    try await awaitFinal(desk)
    let record = try await journal.batch(batch.number)
    if let hold = record.life.hold, try await journal.summary(of: batch.number).pending.count > 0 {
      throw PipelineError.held(batchID: record.header.batchID, cause: hold, note: record.holdNote ?? "")
    }
  }

  /// What the work on one batch needs at every step.
  private struct Desk: Sendable {
    let batch: BatchRecord
    let scheme: ReferenceScheme

    func orders(for portion: [ClaimedInstruction]) throws -> [ExecutionOrder] {
      let stream = try SHA256Stream()
      return try portion.map { claimed in
        let instruction = claimed.instruction
        let reference = try scheme.reference(
          position: instruction.position, instructionID: instruction.instructionID, attempt: claimed.attempt,
          using: stream)
        return ExecutionOrder(reference: reference, partner: batch.partner, instruction: instruction)
      }
    }
  }

  // MARK: What nobody has claimed

  private func send(_ desk: Desk) async throws {
    let total = try await journal.summary(of: desk.batch.number).count
    try await withThrowingTaskGroup(of: Void.self) { group in
      var inFlight = 0
      while true {
        let pace = try await pace(desk)
        while inFlight < pace.claimsInFlight, let claim = try await nextClaim(desk, pace.claimSize) {
          inFlight += 1
          group.addTask { try await self.send(claim, desk) }
        }
        guard inFlight > 0 else { return }
        try await group.next()
        inFlight -= 1
        let pending = try await journal.summary(of: desk.batch.number).pending.count
        progress(.dispatching(done: total - pending, of: total))
      }
    }
  }

  private func nextClaim(_ desk: Desk, _ claimSize: Int) async throws -> Claim? {
    try Task.checkCancellation()
    return try await journal.claim(claimSize, of: desk.batch.number, for: owner, at: clock.now())
  }

  private func send(_ claim: Claim, _ desk: Desk) async throws {
    if let reason = try await closing(desk) { return try await close(claim, reason) }
    try await record(try await execute(claim.instructions, desk), claim, desk)
    try await stopAtFailures(desk)
  }

  /// Why nothing more of the batch is sent: it has ended, or an operator cancelled the rest, perhaps a moment ago.
  private func closing(_ desk: Desk) async throws -> Reason? {
    if let end = desk.batch.header.expiresAt, clock.now() >= end { return Self.expired }
    return try await journal.batch(desk.batch.number).cancellation
  }

  // MARK: Failures

  /// How much is sent at once. Where failures can stop a batch, it begins slowly: what is on its way can't be held.
  private func pace(_ desk: Desk) async throws -> (claimSize: Int, claimsInFlight: Int) {
    guard let failureLimit else { return (settings.claimSize, settings.claimsInFlight) }
    let answered = try await answers(of: desk).answered
    // Not before the share counts, however small a claim is.
    guard answered < max(settings.claimSize, failureLimit.minimumAnswers) else {
      return (settings.claimSize, settings.claimsInFlight)
    }
    return (min(settings.claimSize, max(failureLimit.minimumAnswers, answered)), 1)
  }

  private func stopAtFailures(_ desk: Desk) async throws {
    guard let failureLimit else { return }
    let (failed, answered) = try await answers(of: desk)
    guard failureLimit.isReached(failed: failed, of: answered),
      // With nothing left to hold, the result tells all.
      try await journal.summary(of: desk.batch.number).pending.count > 0
    else { return }
    do {
      try await journal.hold(
        desk.batch.number, by: .heldByFailureRate,
        note: "\(failed) of \(answered) instructions failed, \(failureLimit) are too many", actor: .daemon,
        at: clock.now())
    } catch .notAllowed {
      // An operator was quicker: it is held or cancelled already.
    }
  }

  /// The wallet's answers since an operator last looked at them.
  private func answers(of desk: Desk) async throws -> (failed: Int, answered: Int) {
    // Read anew: it may have been held and resumed since this run began.
    let batch = try await journal.batch(desk.batch.number)
    let summary = try await journal.summary(of: desk.batch.number)
    // Lines that were settled by hand have left the failures that an operator had seen.
    let failed = max(0, summary.failed.count - batch.refusedCount - batch.watched.failed)
    return (failed, failed + max(0, summary.succeeded.count - batch.watched.succeeded))
  }

  private func execute(_ instructions: [ClaimedInstruction], _ desk: Desk) async throws -> [InstructionAnswer] {
    let payees = await executor.resolve(instructions)
    return try await work(instructions, desk, payees) { orders in
      zip(orders, await executor.execute(orders, payees)).map { order, answer in
        switch answer {
        case .refused(let reason): Self.answer(order, .answered(.rejected(reason)), reference: nil)
        case .answered(let outcome): Self.answer(order, .answered(outcome), reference: order.reference)
        }
      }
    }
  }

  private static func answer(
    _ order: ExecutionOrder, _ event: InstructionLifecycle.Event, reference: TransferReference?
  ) -> InstructionAnswer {
    InstructionAnswer(position: order.instruction.position, event: event, reference: reference)
  }

  /// Nothing was sent, and nothing may be any more.
  private func close(_ claim: Claim, _ reason: Reason) async throws {
    let answers = claim.instructions.map {
      InstructionAnswer(position: $0.instruction.position, event: .answered(.rejected(reason)), reference: nil)
    }
    try await journal.record(answers, under: claim.token, at: clock.now())
  }

  // MARK: What may have been sent

  /// Asks once for everything without a final answer, and sends again what the wallet has never heard of. Answers how
  /// many instructions it was.
  @discardableResult
  private func resolve(_ desk: Desk, isRepeated: Bool) async throws -> Int {
    var position: Int?
    var count = 0
    while let claim = try await journal.claimUnresolved(
      settings.claimSize, of: desk.batch.number, after: position, for: owner, at: clock.now())
    {
      position = claim.instructions.last?.instruction.position
      count += claim.instructions.count
      try await resolve(claim, desk, isRepeated: isRepeated)
    }
    return count
  }

  private func resolve(_ claim: Claim, _ desk: Desk, isRepeated: Bool) async throws {
    // What is `claimed` certainly never left; of the rest only the wallet knows.
    let unsent = claim.instructions.filter { $0.life.state == .claimed }
    if !unsent.isEmpty { try await send(Claim(token: claim.token, instructions: unsent), desk) }
    let doubtful = claim.instructions.filter { $0.life.state != .claimed }
    guard !doubtful.isEmpty else { return }
    // A question moves no money, so that it may go any way, and goes without the account mapper.
    let answers = try await work(doubtful, desk, .none) { orders in
      zip(orders, await executor.enquire(orders)).map { order, outcome in
        Self.answer(order, .enquired(outcome), reference: order.reference)
      }
    }
    try await journal.record(answers, under: claim.token, at: clock.now())
    let unheard = zip(doubtful, answers).compactMap { claimed, answer in
      var life = claimed.life
      return life.handle(answer.event) == .send ? claimed : nil
    }
    guard !unheard.isEmpty else { return }
    // A held batch is asked for, and nothing of it is sent.
    if try await journal.batch(desk.batch.number).life.hold != nil { return }
    if let reason = try await closing(desk) {
      // After its end a batch sends nothing. What left before its end may be on its way still, so one "never heard of
      // it" is not enough to call it failed.
      if isRepeated { try await close(Claim(token: claim.token, instructions: unheard), reason) }
      return
    }
    // A refusal of our own (a payee that is mapped no more) says nothing of the request that may have left before: it
    // stands only after the wallet was asked again. An answer of the wallet has the reference.
    let answered = try await execute(unheard, desk).filter { isRepeated || $0.reference != nil }
    try await record(answered, claim, desk)
  }

  /// Asks again with growing pauses, until all is final or the wait is over.
  private func awaitFinal(_ desk: Desk) async throws {
    var pause = Duration.milliseconds(200)
    var asked: Int?
    let end = ContinuousClock.now + .seconds(settings.waitForFinalSeconds)
    while true {
      let pending = try await journal.summary(of: desk.batch.number).pending.count
      guard pending > 0, ContinuousClock.now + pause < end else { return }
      // A held batch is asked for as long as there is something to ask.
      if asked == 0, try await journal.batch(desk.batch.number).life.hold != nil { return }
      progress(.waiting(pending: pending))
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(15))
      asked = try await resolve(desk, isRepeated: true)
    }
  }

  // MARK: Lanes

  /// Spreads instructions over the lanes by their payee and gathers the answers in the batch's order.
  private func work(
    _ instructions: [ClaimedInstruction], _ desk: Desk, _ payees: PayeeResolution,
    _ ask: @escaping @Sendable ([ExecutionOrder]) async -> [InstructionAnswer]
  ) async throws -> [InstructionAnswer] {
    var portions = [[ClaimedInstruction]](repeating: [], count: lanes.count)
    for claimed in instructions {
      let key = UInt(bitPattern: executor.laneKey(of: claimed.instruction, payees))
      portions[Int(key % UInt(lanes.count))].append(claimed)
    }
    var answers: [InstructionAnswer] = []
    answers.reserveCapacity(instructions.count)
    try await withThrowingTaskGroup(of: [InstructionAnswer].self) { group in
      for (lane, portion) in zip(lanes, portions) where !portion.isEmpty {
        group.addTask {
          try await lane.run(of: desk.batch.number) { _ in
            do { return .success(try await self.answers(to: portion, desk, ask)) } catch { return .failure(error) }
          }.get()
        }
      }
      for try await part in group { answers.append(contentsOf: part) }
    }
    answers.sort { $0.position < $1.position }
    return answers
  }

  /// Runs on the lane's queue up to the wallet: deriving the references is the lane's share of the computing.
  nonisolated(nonsending) private func answers(
    to portion: [ClaimedInstruction], _ desk: Desk, _ ask: ([ExecutionOrder]) async -> [InstructionAnswer]
  ) async throws -> [InstructionAnswer] {
    let orders = try desk.orders(for: portion)
    let answers = await ask(orders)
    precondition(answers.count == orders.count, "an executor answers each order once")
    return answers
  }

  /// Writes the answers down, and stops the work when the wallet took none of them.
  private func record(_ answers: [InstructionAnswer], _ claim: Claim, _ desk: Desk) async throws {
    try await journal.record(answers, under: claim.token, at: clock.now())
    var unsent: String?
    for answer in answers {
      guard case .answered(.notSent(let reason)) = answer.event else { return }
      unsent = reason
    }
    if let unsent { throw PipelineError.walletUnavailable(batchID: desk.batch.header.batchID, reason: unsent) }
  }
}
