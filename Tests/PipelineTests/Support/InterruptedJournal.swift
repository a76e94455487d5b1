import Batch
import Journal
import Storage
import Synchronization

/// A journal that fails once at a step, as it does when its process dies there or its disk is full.
final class InterruptedJournal: Journal {
  enum Step: Hashable, Sendable {
    case recording
    case publicationPrepared
    case marking
  }

  private let base: any Journal
  private let step: Mutex<Step?>

  init(_ base: any Journal, at step: Step) {
    self.base = base
    self.step = Mutex(step)
  }

  private func pass(_ step: Step) throws(JournalError) {
    let isHere = self.step.withLock { next in
      guard next == step else { return false }
      next = nil
      return true
    }
    if isHere { throw JournalError(StorageError.diskFull(path: "journal.sqlite")) }
  }

  func open(_ header: BatchHeader, from partner: String, file: String, at now: Timestamp)
    async throws(JournalError) -> BatchOpening
  { try await base.open(header, from: partner, file: file, at: now) }
  func append(_ instructions: [Instruction], to batch: BatchNumber)
    async throws(JournalError) -> [DuplicateInstruction]
  { try await base.append(instructions, to: batch) }
  func admit(_ batch: BatchNumber, as admitted: AdmittedBatch, at now: Timestamp) async throws(JournalError) {
    try await base.admit(batch, as: admitted, at: now)
  }
  func reject(_ batch: BatchNumber, for rejection: Rejection, at now: Timestamp) async throws(JournalError) {
    try await base.reject(batch, for: rejection, at: now)
  }
  func abandon(_ batch: BatchNumber) async throws(JournalError) { try await base.abandon(batch) }
  func claim(_ count: Int, of batch: BatchNumber, for owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Claim?
  { try await base.claim(count, of: batch, for: owner, at: now) }
  func expireClaims(of batch: BatchNumber, except owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Int
  { try await base.expireClaims(of: batch, except: owner, at: now) }
  func claimUnresolved(
    _ count: Int, of batch: BatchNumber, after position: Int?, for owner: ClaimOwner, at now: Timestamp
  ) async throws(JournalError) -> Claim? {
    try await base.claimUnresolved(count, of: batch, after: position, for: owner, at: now)
  }
  func record(_ answers: [InstructionAnswer], under claim: ClaimToken, at now: Timestamp)
    async throws(JournalError)
  {
    try pass(.recording)
    try await base.record(answers, under: claim, at: now)
  }
  func hold(
    _ batch: BatchNumber, by event: BatchLifecycle.HoldEvent, note: String, actor: AuditActor, at now: Timestamp
  ) async throws(JournalError) { try await base.hold(batch, by: event, note: note, actor: actor, at: now) }
  func approve(_ batch: BatchNumber, _ approval: Approval, at now: Timestamp) async throws(JournalError) {
    try await base.approve(batch, approval, at: now)
  }
  func resume(_ batch: BatchNumber, note: String, actor: AuditActor, proof: OrderProof?, at now: Timestamp)
    async throws(JournalError)
  { try await base.resume(batch, note: note, actor: actor, proof: proof, at: now) }
  func cancel(_ batch: BatchNumber, for reason: Reason, actor: AuditActor, at now: Timestamp)
    async throws(JournalError)
  { try await base.cancel(batch, for: reason, actor: actor, at: now) }
  func retry(_ order: RetryOrder, of batch: BatchNumber, at now: Timestamp) async throws(JournalError) -> Int {
    try await base.retry(order, of: batch, at: now)
  }
  func settleByHand(_ settlement: HandSettlement, of batch: BatchNumber, at now: Timestamp)
    async throws(JournalError)
  { try await base.settleByHand(settlement, of: batch, at: now) }
  func approvals(of batch: BatchNumber) async throws(JournalError) -> [RecordedApproval] {
    try await base.approvals(of: batch)
  }
  func lines(called instructionID: String, of batch: BatchNumber) async throws(JournalError) -> [JournalLine] {
    try await base.lines(called: instructionID, of: batch)
  }
  func dayTotals(of partner: String, at instant: Timestamp) async throws(JournalError) -> [Currency: Int64] {
    try await base.dayTotals(of: partner, at: instant)
  }
  func lines(of batch: BatchNumber, from position: Int, count: Int) async throws(JournalError) -> [JournalLine] {
    try await base.lines(of: batch, from: position, count: count)
  }
  func preparePublication(_ publication: Publication, of batch: BatchNumber) async throws(JournalError) {
    try await base.preparePublication(publication, of: batch)
    try pass(.publicationPrepared)
  }
  func markPublished(_ batch: BatchNumber, revision: Int, at now: Timestamp) async throws(JournalError) {
    try pass(.marking)
    try await base.markPublished(batch, revision: revision, at: now)
  }
  func batch(_ batchID: String, of partner: String) async throws(JournalError) -> BatchRecord? {
    try await base.batch(batchID, of: partner)
  }
  func batches(matching query: BatchQuery) async throws(JournalError) -> [BatchRecord] {
    try await base.batches(matching: query)
  }
  func summary(of batch: BatchNumber) async throws(JournalError) -> BatchSummary {
    try await base.summary(of: batch)
  }
  func lines(matching query: LineQuery) async throws(JournalError) -> LinePage {
    try await base.lines(matching: query)
  }
  func unfinishedBatches() async throws(JournalError) -> [BatchRecord] { try await base.unfinishedBatches() }
  func batch(_ number: BatchNumber) async throws(JournalError) -> BatchRecord { try await base.batch(number) }
  func note(_ event: AuditEvent, at now: Timestamp) async throws(JournalError) { try await base.note(event, at: now) }
  func auditHead() async throws(JournalError) -> AuditHead { try await base.auditHead() }
  func auditEntries(matching query: AuditQuery) async throws(JournalError) -> [AuditEntry] {
    try await base.auditEntries(matching: query)
  }
  func auditPosition(of name: String) async throws(JournalError) -> Int64 { try await base.auditPosition(of: name) }
  func setAuditPosition(_ number: Int64, of name: String) async throws(JournalError) {
    try await base.setAuditPosition(number, of: name)
  }
  func indexForEnquiries(atMost count: Int) async throws(JournalError) -> Int {
    try await base.indexForEnquiries(atMost: count)
  }
}
