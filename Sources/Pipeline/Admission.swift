import Batch
import Cryptography
import Envelope
import Journal
import Partners
import Storage
import Wallet

/// Takes an opened file into the journal, or rejects it whole. Nothing is paid here: a rejection has no side effect.
struct Admission: Sendable {
  let journal: any Journal
  let wallet: any WalletAdapter
  let clock: any WallClock
  let processorID: String
  let limits: BatchLimits
  let locks: LockDirectory
  let progress: ProgressObserver

  /// How a file came in.
  enum Result: Sendable {
    /// Its instructions are in the journal now.
    case admitted(BatchRecord)
    /// They are there since an earlier try: perhaps answered by now.
    case known(BatchRecord)
    /// It would be admitted; nothing was kept.
    case checked(CheckedBatch)
  }

  /// What is to be done with a file that passes.
  enum Purpose: Sendable {
    /// Enter it for good.
    case process
    /// Leave no trace: the partner only wants to know.
    case check
  }

  /// Checks everything and writes the instructions down.
  ///
  /// - Throws: a `Rejection` when the file is not to be processed.
  func admit(
    _ sealed: SealedFile, from partner: Partner, _ submission: Submission, bareArray: BareArrayIdentity?,
    purpose: Purpose
  ) async throws -> Result {
    let pass = try await HeaderPass.read(sealed, limits: limits, bareArray: bareArray)
    if let rejection = pass.rejection {
      throw try await surveyed(sealed, pass.seen, rejection, bareArray: bareArray)
    }
    let header = try pass.header
    if let mismatch = senderMismatch(header, partner) { throw Rejection(mismatch) }
    // Two admissions of one partner at once could each take the other's instructions for duplicates.
    let lock = try await locks.admission(of: partner.name)
    defer { lock.release() }
    switch try await journal.open(header, from: partner.name, file: submission.name, at: clock.now()) {
    case .known(let record):
      return try await known(record, sealed)
    case .new(let number):
      return try await enter(
        Candidate(
          number: number, header: header, partner: partner, submission: submission, bareArray: bareArray),
        sealed, purpose)
    }
  }

  /// The rejection of a document whose header can't be used, with what is wrong with its lines: the sender gets to know
  /// all errors at once.
  private func surveyed(
    _ sealed: SealedFile, _ seen: PartialHeader, _ rejection: Rejection, bareArray: BareArrayIdentity?
  ) async throws -> Rejection {
    guard let kind = seen.kind else { return rejection }
    // Lines are read under a name of no weight, since they go nowhere. Under a currency that is none, those that name
    // none are not at fault.
    var header = BatchHeader(batchID: "", sourceBBID: "", kind: kind)
    header.currency = seen.currency ?? (seen.seen.contains(.currency) ? Currency(code: "USD") : nil)
    var problems = ProblemList()
    problems.append(contentsOf: rejection.problems, count: rejection.errorCount)
    do {
      _ = try await DecodingStage.run(
        reading: { try sealed.readDocument($0) }, limits: limits, bareArray: bareArray,
        decoder: InstructionReader(header: header, limits: limits)
      ) { problems.append(contentsOf: $0.problems, count: $0.problemCount) }
    } catch is Rejection {
      // Told already: it is the header's, or the frame's.
    } catch let error as EnvelopeError where error.isRejection {
      // The same.
    }
    return problems.rejection ?? rejection
  }

  /// Whether this content was admitted before, from this partner.
  func hasAdmitted(_ sealed: SealedFile, from partner: Partner, bareArray: BareArrayIdentity?) async throws -> Bool {
    let pass = try await HeaderPass.read(sealed, limits: limits, bareArray: bareArray)
    guard pass.rejection == nil, let header = pass.seen.header, header.sourceBBID == partner.name,
      let record = try await journal.batch(header.batchID, of: partner.name), !record.contentDigest.isEmpty
    else { return false }
    do {
      _ = try await known(record, sealed)
      return true
    } catch is Rejection {
      return false
    }
  }

  private func known(_ record: BatchRecord, _ sealed: SealedFile) async throws -> Result {
    let digest = try await EnvelopeError.rejecting {
      try await blocking { try sealed.readDocument { _ in } }
    }
    guard digest.sha256.bytes == record.contentDigest else {
      throw Rejection(
        Problem(
          .batchIDReused, pointer: "/batchID",
          "\(record.header.batchID) was used for another content; give this batch an ID of its own"))
    }
    return .known(record)
  }

  /// What a check found in a batch that may be processed.
  struct CheckedBatch: Sendable {
    let header: BatchHeader
    let count: Int
    let refusedCount: Int
    let payable: [Currency: Money]
  }

  /// A batch between its first instruction and the decision on it.
  private struct Candidate {
    let number: BatchNumber
    let header: BatchHeader
    let partner: Partner
    let submission: Submission
    let bareArray: BareArrayIdentity?
  }

  private func enter(_ candidate: Candidate, _ sealed: SealedFile, _ purpose: Purpose) async throws -> Result {
    // Who can't be answered is not begun to be paid.
    _ = try candidate.partner.sealableCertificates(at: clock.now())
    var intake = Intake(journal: journal, batch: candidate.number, partner: candidate.partner, header: candidate.header)
    let document: DecodingStage.Document
    do {
      document = try await EnvelopeError.rejecting {
        try await DecodingStage.run(
          reading: { try sealed.readDocument($0) }, limits: limits, bareArray: candidate.bareArray,
          decoder: InstructionReader(header: candidate.header, limits: limits)
        ) { chunk in
          try Task.checkCancellation()
          try await intake.take(chunk)
          progress(.admitting(count: intake.totals.count))
        }
      }
      try await intake.flush()
    } catch let rejection as Rejection {
      intake.problems.append(contentsOf: rejection.problems, count: rejection.errorCount)
      // What was taken before tells its duplicates still.
      try await intake.flush()
      try await refuse(candidate.number, intake.problems, purpose)
      throw PipelineError.interrupted
    } catch {
      // The journal forgets what it has of a batch that was not admitted when the batch comes again.
      await intake.stop()
      throw error
    }
    try await judge(document, candidate, &intake)
    try await refuse(candidate.number, intake.problems, purpose)
    if purpose == .check {
      try await journal.abandon(candidate.number)
      return .checked(
        CheckedBatch(
          header: document.frame.header, count: intake.totals.count, refusedCount: intake.refusedCount,
          payable: intake.payable))
    }
    var admitted = AdmittedBatch(
      header: document.frame.header, contentDigest: document.digest.sha256.bytes, processor: processorID,
      unknownMemberCount: intake.unknownMemberCount + document.frame.unknownMemberCount)
    admitted.provenance.submitter = candidate.submission.submitter
    admitted.provenance.arrival = candidate.submission.arrival
    admitted.provenance.sealedDigest = try await blocking { try sealed.sealedDigest() }.bytes
    admitted.provenance.signerKeys = sealed.signers.map(\.publicKeyDigest)
    admitted.needsRelease = candidate.partner.policy.requiresRelease
    admitted.payable = intake.payable
    admitted.refusedCount = intake.refusedCount
    try await journal.admit(candidate.number, as: admitted, at: clock.now())
    guard let record = try await journal.batch(candidate.header.batchID, of: candidate.partner.name) else {
      throw JournalError.noSuchBatch(candidate.number)
    }
    return .admitted(record)
  }

  /// The checks that need the whole file.
  private func judge(_ document: DecodingStage.Document, _ candidate: Candidate, _ intake: inout Intake) async throws {
    let policy = candidate.partner.policy
    check(document.frame.header, from: candidate.partner, &intake.problems)
    if let control = document.frame.control {
      intake.problems.append(
        contentsOf: control.problems(against: intake.totals, batchCurrency: candidate.header.currency))
    } else if policy.requiresControl {
      intake.problems.append(
        Problem(
          .controlMismatch, pointer: "/control",
          "\(candidate.partner.name) is registered as stating control.count and control.total, and they are absent"))
    }
    guard !intake.isBeyondCounting else { return }
    let today =
      policy.maximumDay.isEmpty ? [:] : try await journal.dayTotals(of: candidate.partner.name, at: clock.now())
    for (currency, sum) in intake.payable.sorted(by: { $0.key < $1.key }) {
      if let limit = policy.maximumBatch[currency], sum.minorUnits > limit.minorUnits {
        intake.problems.append(
          Problem(.batchLimitExceeded, "the instructions sum to \(sum), the limit for one batch is \(limit)"))
      }
      let before = Money(minorUnits: today[currency] ?? 0, currency: currency)
      if let limit = policy.maximumDay[currency], before.adding(sum).map({ $0.minorUnits > limit.minorUnits }) ?? true {
        intake.problems.append(
          Problem(
            .batchLimitExceeded,
            "the instructions sum to \(sum), \(before) were admitted today, the limit for one day is \(limit)"))
      }
      try await checkFunds(of: candidate.partner.name, for: sum, &intake.problems)
    }
  }

  private func checkFunds(of partner: String, for sum: Money, _ problems: inout ProblemList) async throws {
    let available: Money
    do {
      available = try await wallet.balance(of: partner, in: sum.currency)
    } catch .noSuchAccount {
      available = Money(minorUnits: 0, currency: sum.currency)
    }
    let promised = try await promised(of: partner, in: sum.currency)
    if available.minorUnits - promised.minorUnits < sum.minorUnits {
      let rest = promised.minorUnits > 0 ? ", of which \(promised) are for batches that wait" : ""
      problems.append(
        Problem(.insufficientFunds, "the instructions sum to \(sum), the funding account holds \(available)\(rest)"))
    }
  }

  /// What batches of the partner will take that wait for their release or their time: nothing of it is paid yet. What is
  /// being paid is in the balance already, in part, and is not counted.
  private func promised(of partner: String, in currency: Currency) async throws -> Money {
    let now = clock.now()
    var sum = Money(minorUnits: 0, currency: currency)
    for batch in try await journal.unfinishedBatches() where batch.partner == partner && batch.cancellation == nil {
      let waitsForRelease = batch.life.hold == .awaitingRelease && batch.round == 1
      let waitsForItsTime = batch.life.state == .admitted && batch.header.executeAt.map { $0 > now } ?? false
      guard waitsForRelease || waitsForItsTime else { continue }
      let pending = try await journal.summary(of: batch.number).pending.amounts[currency] ?? 0
      // More than can be counted is more than anybody has.
      sum = sum.adding(Money(minorUnits: pending, currency: currency)) ?? Money(minorUnits: .max, currency: currency)
    }
    return sum
  }

  private func refuse(_ number: BatchNumber, _ problems: ProblemList, _ purpose: Purpose) async throws {
    guard let rejection = problems.rejection else { return }
    switch purpose {
    case .process: try await journal.reject(number, for: rejection, at: clock.now())
    case .check: try await journal.abandon(number)
    }
    throw rejection
  }

  /// Who signs for one partner can't send for another: this closes forwarding and re-signing.
  private func senderMismatch(_ header: BatchHeader, _ partner: Partner) -> Problem? {
    guard header.sourceBBID != partner.name else { return nil }
    return Problem(
      .senderMismatch, pointer: "/sourceBBID",
      "the document says it is from \(header.sourceBBID), the signers belong to \(partner.name)")
  }

  /// The checks that need the header alone. It is whole only at the document's end: members come in any order.
  private func check(_ header: BatchHeader, from partner: Partner, _ problems: inout ProblemList) {
    if let recipient = header.recipientID, recipient != processorID {
      problems.append(
        Problem(
          .recipientMismatch, pointer: "/recipientID", "the batch is meant for \(recipient), this is \(processorID)"))
    }
    if let programs = partner.policy.programs, !programs.contains(header.programID ?? "") {
      problems.append(
        Problem(
          .programNotAllowed, pointer: "/programID",
          "\(partner.name) may not use the programme \(header.programID ?? "(none)")"))
    }
    if let kinds = partner.policy.kinds, !kinds.contains(header.kind) {
      problems.append(Problem(.kindNotAllowed, "\(partner.name) may not send \(header.kind.name) batches"))
    }
    if let executeAt = header.executeAt, let expiresAt = header.expiresAt, expiresAt <= executeAt {
      problems.append(
        Problem(.schema, pointer: "/expiresAt", "the batch ends at \(expiresAt.rfc3339), before it may begin"))
    }
    if let expiresAt = header.expiresAt, expiresAt <= clock.now() {
      problems.append(
        Problem(.expired, pointer: "/expiresAt", "nothing may be executed after \(expiresAt.rfc3339), which is past"))
    }
  }
}
