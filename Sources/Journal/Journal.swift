public import Batch

/// The durable record of batches and their instructions: who claimed what, and how it ended.
///
/// What a call wrote is on disk when it returns. Nothing here knows where it is stored: one conformance suite runs over
/// every journal. A journal belongs to any number of processes at once; one batch is worked by one owner at a time.
public protocol Journal: Sendable {
  // MARK: Admission

  /// Enters a batch of `partner` in state `admitting`, or says what is known under its ID.
  ///
  /// The leftover of an admission that died is removed first, so the caller must hold the partner's admission lock.
  func open(_ header: BatchHeader, from partner: String, file: String, at now: Timestamp)
    async throws(JournalError) -> BatchOpening
  /// Adds a chunk of instructions, durably, in ascending positions. A line with a refusal is final at once.
  ///
  /// Answers those whose `instructionID` the partner has used before, in this batch or an earlier one; they are not
  /// added. It is for the caller to reject the batch, or to append them anew with a refusal.
  func append(_ instructions: [Instruction], to batch: BatchNumber)
    async throws(JournalError) -> [DuplicateInstruction]
  /// Ends the admission: from here the batch may be dispatched. One durable step.
  func admit(_ batch: BatchNumber, as admitted: AdmittedBatch, at now: Timestamp) async throws(JournalError)
  /// Ends the admission with a refusal: the instructions go, the batch stays as `rejected`; its ID may be used again.
  func reject(_ batch: BatchNumber, for rejection: Rejection, at now: Timestamp) async throws(JournalError)
  /// Ends the admission without a trace, as if the batch had never come.
  func abandon(_ batch: BatchNumber) async throws(JournalError)

  // MARK: Dispatch

  /// Claims the next instructions that nobody has claimed, at most `count`, in the batch's order; durable on return.
  /// Lines that were refused at admission are passed over. `nil` when none is left.
  func claim(_ count: Int, of batch: BatchNumber, for owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Claim?
  /// Ends the claims that another owner left behind: what they hold without an outcome is in doubt from here, never
  /// admitted again. Answers how many instructions that are.
  ///
  /// The caller must hold the batch's own lock, so that the other owner is certainly gone.
  @discardableResult
  func expireClaims(of batch: BatchNumber, except owner: ClaimOwner, at now: Timestamp)
    async throws(JournalError) -> Int
  /// Claims instructions that have begun and are not final, at most `count`, after `position`, in the batch's order.
  /// `nil` when there are none after it. Those sent or in doubt are to be asked for; those whose life is `claimed`
  /// certainly never left (a request that was not sent, a new attempt) and are to be sent; of a held batch they are not
  /// among them.
  func claimUnresolved(
    _ count: Int, of batch: BatchNumber, after position: Int?, for owner: ClaimOwner, at now: Timestamp
  ) async throws(JournalError) -> Claim?
  /// Records what became of instructions of a claim, all in one durable step, and only while the claim is the owner's.
  ///
  /// Each answer is an event of the instruction's life; the life decides what is written. Throws
  /// `JournalError.claimLost` and writes nothing when the fence is not the one in the journal.
  func record(_ answers: [InstructionAnswer], under claim: ClaimToken, at now: Timestamp) async throws(JournalError)

  // MARK: Operators

  /// Stops a batch: nothing more of it is claimed. What is in a claim's hands goes on to its end.
  ///
  /// - Throws: `JournalError.notAllowed` when it is finished, or held already.
  func hold(
    _ batch: BatchNumber, by event: BatchLifecycle.HoldEvent, note: String, actor: AuditActor, at now: Timestamp)
    async throws(JournalError)
  /// Releases a batch that waits for it; the same operator's second approval of a round changes nothing.
  ///
  /// - Throws: `JournalError.notAllowed` when it does not wait for a release.
  func approve(_ batch: BatchNumber, _ approval: Approval, at now: Timestamp) async throws(JournalError)
  /// Lets a batch go on that was stopped by its failures or by an operator.
  ///
  /// - Parameter proof: how it is known who says so, for the audit trail.
  func resume(_ batch: BatchNumber, note: String, actor: AuditActor, proof: OrderProof?, at now: Timestamp)
    async throws(JournalError)
  /// Ends the sending: what nobody has claimed is answered with `reason`, whatever holds the batch.
  func cancel(_ batch: BatchNumber, for reason: Reason, actor: AuditActor, at now: Timestamp)
    async throws(JournalError)
  /// Orders a new attempt at lines that a wallet rejected. Lines that were refused at admission, or stand otherwise, are
  /// passed over: what is in doubt can only be resolved. The lines are claimed as unresolved ones, once nothing holds
  /// the batch. Answers how many were released.
  ///
  /// The caller must hold the batch's own lock.
  ///
  /// - Throws: `JournalError.notAllowed` when it is held, or cancelled and not final as a whole.
  @discardableResult
  func retry(_ order: RetryOrder, of batch: BatchNumber, at now: Timestamp) async throws(JournalError) -> Int
  /// Records that the payee of one line was paid in another way: it is settled, and says so.
  ///
  /// The caller must hold the batch's own lock.
  ///
  /// - Throws: `JournalError.notAllowed` unless the line failed or is in doubt.
  func settleByHand(_ settlement: HandSettlement, of batch: BatchNumber, at now: Timestamp) async throws(JournalError)
  /// The approvals that a batch was given, in their order.
  func approvals(of batch: BatchNumber) async throws(JournalError) -> [RecordedApproval]
  /// What the batches of `partner` that were admitted on the UTC day of `instant` were to pay, in minor units.
  func dayTotals(of partner: String, at instant: Timestamp) async throws(JournalError) -> [Currency: Int64]

  // MARK: Publication

  /// A page of the batch's lines in its order, from `position`, at most `count`.
  func lines(of batch: BatchNumber, from position: Int, count: Int)
    async throws(JournalError) -> [JournalLine]
  /// Writes down which sealed file is about to take its place, so that a crash can tell ours from another's.
  ///
  /// The revision is the one after the last published; where one was only prepared, its number again, or the next.
  func preparePublication(_ publication: Publication, of batch: BatchNumber) async throws(JournalError)
  /// Marks the prepared revision published; the batch is `completed`, or `partial` when lines are pending or have changed
  /// since it was prepared: then a later revision follows.
  func markPublished(_ batch: BatchNumber, revision: Int, at now: Timestamp) async throws(JournalError)

  // MARK: Enquiries

  /// The batch of `partner` under its ID: the live one, or else the last that was rejected.
  func batch(_ batchID: String, of partner: String) async throws(JournalError) -> BatchRecord?
  /// A page of batches, newest first.
  func batches(matching query: BatchQuery) async throws(JournalError) -> [BatchRecord]
  /// Counts and sums of a batch, kept up to date with each step.
  func summary(of batch: BatchNumber) async throws(JournalError) -> BatchSummary
  /// A page of instructions with their states. An enquiry for a payee, an instruction's ID or a time first brings up to
  /// date what `indexForEnquiries` has not.
  func lines(matching query: LineQuery) async throws(JournalError) -> LinePage
  /// Prepares enquiries, for the hours in which there is nothing else to do: at most `count` lines in one durable step.
  /// Answers how many lines it went through; 0 when all is up to date.
  @discardableResult
  func indexForEnquiries(atMost count: Int) async throws(JournalError) -> Int
  /// The lines of a batch that the partner calls `instructionID`: the one that has the ID, or else those that repeat one
  /// of an earlier batch and were refused.
  func lines(called instructionID: String, of batch: BatchNumber) async throws(JournalError) -> [JournalLine]
  /// The admitted batches that are not completed, held or not, oldest first.
  func unfinishedBatches() async throws(JournalError) -> [BatchRecord]
  /// The batch under its number.
  func batch(_ number: BatchNumber) async throws(JournalError) -> BatchRecord

  // MARK: Audit

  /// Writes down what was done besides the journal's own steps, each of which writes its entry itself.
  func note(_ event: AuditEvent, at now: Timestamp) async throws(JournalError)
  /// The last entry of the audit trail.
  func auditHead() async throws(JournalError) -> AuditHead
  /// A page of the audit trail, oldest first.
  func auditEntries(matching query: AuditQuery) async throws(JournalError) -> [AuditEntry]
  /// How far the reader called `name` is in the audit trail: the number of the last entry that it has dealt with.
  func auditPosition(of name: String) async throws(JournalError) -> Int64
  /// Writes down how far the reader called `name` is.
  func setAuditPosition(_ number: Int64, of name: String) async throws(JournalError)
}

/// The journal's own number of a batch.
public struct BatchNumber: RawRepresentable, Hashable, Sendable {
  /// Ascending, from 1.
  public let rawValue: Int64
  /// A number that the journal gave.
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// What the journal says to a batch that wants to enter.
public enum BatchOpening: Sendable {
  /// It is new; append its instructions.
  case new(BatchNumber)
  /// The ID is known, admitted or further. The caller compares the content.
  case known(BatchRecord)
}

/// An instruction whose ID the partner has used before.
public struct DuplicateInstruction: Hashable, Sendable {
  /// The position of the line that repeats it.
  public let position: Int
  /// The repeated ID.
  public let instructionID: String
  /// Where it stands already: the batch, and the position in it.
  public let earlierBatchID: String
  /// The position of the first use in `earlierBatchID`.
  public let earlierPosition: Int

  /// A repetition at `position` of what stands in `earlierBatchID`.
  public init(position: Int, instructionID: String, earlierBatchID: String, earlierPosition: Int) {
    self.position = position
    self.instructionID = instructionID
    self.earlierBatchID = earlierBatchID
    self.earlierPosition = earlierPosition
  }
}
