public import Batch
import Cryptography
public import Envelope
public import Journal
public import Partners
import Storage
public import Wallet

/// The way of one file: opened, admitted, dispatched, settled, published. Whatever stops it, starting it again with the
/// same file goes on where it was.
public struct Pipeline: Sendable {
  /// What a pipeline is put together from.
  public struct Parts: Sendable {
    /// The name of this processor, as partners call it.
    public var processorID: String
    /// Answers the keys that open files; asked with each file, since keys come and end.
    public var keyRing: @Sendable () throws -> KeyRing
    /// Answers the key that signs results.
    public var signer: @Sendable () throws -> KeyPair
    /// Who may send what.
    public var partners: PartnerDirectory
    /// The durable record.
    public var journal: any Journal
    /// Where the funds are, for the check before a batch is admitted.
    public var wallet: any WalletAdapter
    /// What carries out each kind of batch.
    public var executors: [any Executor]
    /// Where results go.
    public var outbox: Outbox
    /// What keeps other processes out of a batch.
    public var locks: LockDirectory
    /// What tells the time.
    public var clock: any WallClock
    /// This process's name in the journal.
    public var owner: ClaimOwner
    /// Whom the audit trail names.
    public var actor: AuditActor
    /// Bounds on what is read.
    public var batchLimits = BatchLimits()
    /// Bounds on what is opened.
    public var envelopeLimits = EnvelopeLimits()
    /// How the work is spread.
    public var dispatch = DispatchSettings()

    /// The parts, with limits and settings as they are by default.
    public init(
      processorID: String, keyRing: @escaping @Sendable () throws -> KeyRing,
      signer: @escaping @Sendable () throws -> KeyPair, partners: PartnerDirectory, journal: any Journal,
      wallet: any WalletAdapter, executors: [any Executor], outbox: Outbox, locks: LockDirectory,
      clock: any WallClock, owner: ClaimOwner, actor: AuditActor
    ) {
      self.processorID = processorID
      self.keyRing = keyRing
      self.signer = signer
      self.partners = partners
      self.journal = journal
      self.wallet = wallet
      self.executors = executors
      self.outbox = outbox
      self.locks = locks
      self.clock = clock
      self.owner = owner
      self.actor = actor
    }
  }

  private let parts: Parts
  private let lanes: [Lane]

  /// A pipeline of `parts`.
  public init(_ parts: Parts) {
    self.parts = parts
    lanes = (0..<max(1, parts.dispatch.lanes)).map(Lane.init)
  }

  /// Takes a sealed file all the way.
  ///
  /// - Parameter progress: gets to know how far the work is.
  /// - Throws: `PipelineError` when the work can't go on now; a rejected file is a report, no error.
  public func process(_ submission: Submission, progress: @escaping ProgressObserver = { _ in }) async throws
    -> BatchReport
  {
    switch try await receive(submission, progress: progress) {
    case .rejected(let report): return report
    case .admitted(let batch): return try await advance(batch, from: submission.path, progress: progress)
    case .known(let batch):
      if isAnswered(batch) { return try await report(batch, submission.path, isRepeated: true) }
      return try await advance(batch, from: submission.path, progress: progress)
    }
  }

  /// Opens a sealed file and takes its batch into the journal. Nothing is paid.
  ///
  /// - Throws: `PipelineError` when the work can't go on now; a rejected file is an answer, no error.
  public func receive(_ submission: Submission, progress: @escaping ProgressObserver = { _ in }) async throws
    -> Reception
  {
    let sealed: SealedFile
    let partner: Partner
    var signers: [Certificate] = []
    do {
      progress(.opening)
      sealed = try await open(submission.path)
      signers = sealed.signers
      partner = try parts.partners.owner(of: signers)
      try checkInbox(submission, partner)
    } catch let error as EnvelopeError {
      return .rejected(try await noted(refusal(error, submission.path), submission, signers))
    } catch let rejection as Rejection {
      return .rejected(try await noted(report(rejection, submission.path), submission, signers))
    }
    let bareArray = submission.bareArray?.completed(from: partner.name)
    do {
      try await authorize(partner, sealed, bareArray)
      switch try await admission(progress).admit(
        sealed, from: partner, submission, bareArray: bareArray, purpose: .process)
      {
      case .admitted(let batch): return .admitted(batch)
      case .known(let batch):
        try await note(.fileRepeated, submission, of: batch.partner, batchID: batch.header.batchID, signers)
        return .known(batch)
      case .checked: throw PipelineError.interrupted
      }
    } catch let rejection as Rejection {
      let report = try await answer(rejection, sealed, partner, submission, bareArray)
      return .rejected(try await noted(report, submission, signers))
    }
  }

  /// Works on an admitted batch until it is answered, as far as it goes now.
  ///
  /// - Parameter file: how the report names the file that it came in; its name when it is `nil`.
  /// - Throws: `PipelineError.notBefore`, `.held` and `.busy` when it is not its time; others when the work can't go on.
  public func advance(
    _ batch: BatchRecord, from file: String? = nil, progress: @escaping ProgressObserver = { _ in }
  ) async throws -> BatchReport {
    let partner = try parts.partners.partner(named: batch.partner)
    return try await run(batch, from: partner, file ?? batch.file, progress)
  }

  /// Everything short of moving money: what `process` would check before it pays. Nothing is kept.
  ///
  /// - Throws: `Rejection` when the file would be rejected.
  public func check(
    _ path: String, bareArray: BareArrayIdentity? = nil, progress: @escaping ProgressObserver = { _ in }
  ) async throws -> CheckReport {
    do {
      progress(.opening)
      let sealed = try await open(path)
      let partner = try parts.partners.owner(of: sealed.signers)
      let bareArray = bareArray?.completed(from: partner.name)
      try await authorize(partner, sealed, bareArray)
      switch try await admission(progress).admit(
        sealed, from: partner, Submission(path: path), bareArray: bareArray, purpose: .check)
      {
      case .checked(let checked):
        return CheckReport(
          file: path, header: checked.header, partner: partner.name, count: checked.count,
          refusedCount: checked.refusedCount,
          payable: checked.payable.values.sorted { $0.currency < $1.currency }, isKnown: false)
      case .admitted(let batch), .known(let batch):
        return CheckReport(
          file: path, header: batch.header, partner: partner.name,
          count: try await parts.journal.summary(of: batch.number).count, refusedCount: 0, payable: [], isKnown: true)
      }
    } catch let error as EnvelopeError {
      throw try rejection(error)
    }
  }

  // MARK: The stages

  private func open(_ path: String) async throws -> SealedFile {
    let known = try parts.partners.all().flatMap(\.signingCertificates)
    let (ring, limits) = (try parts.keyRing(), parts.envelopeLimits)
    return try await blocking { try SealedFile(path: path, openedWith: ring, knownSigners: known, limits: limits) }
  }

  /// Checks that the signers may send now.
  ///
  /// A batch that was admitted stays so: its certificates may have ended since, or its partner may need one signature
  /// more by now, and still what was begun is ended, and what was answered is answered again.
  private func authorize(_ partner: Partner, _ sealed: SealedFile, _ bareArray: BareArrayIdentity?) async throws {
    do {
      try partner.authorize(sealed.signers, at: parts.clock.now())
    } catch let rejection {
      guard try await admission({ _ in }).hasAdmitted(sealed, from: partner, bareArray: bareArray) else {
        throw rejection
      }
    }
  }

  private func admission(_ progress: @escaping ProgressObserver) -> Admission {
    Admission(
      journal: parts.journal, wallet: parts.wallet, clock: parts.clock, processorID: parts.processorID,
      limits: parts.batchLimits, locks: parts.locks, progress: progress)
  }

  private func publisher(_ progress: @escaping ProgressObserver) throws -> Publisher {
    Publisher(
      journal: parts.journal, clock: parts.clock, processorID: parts.processorID, actor: parts.actor,
      signer: try parts.signer(),
      outbox: parts.outbox, locks: parts.locks, progress: progress)
  }

  private func run(
    _ admitted: BatchRecord, from partner: Partner, _ path: String, _ progress: @escaping ProgressObserver
  ) async throws -> BatchReport {
    let batchID = admitted.header.batchID
    guard let executor = parts.executors.first(where: { $0.kind == admitted.header.kind }) else {
      throw PipelineError.walletUnavailable(
        batchID: batchID, reason: "nothing here carries out \(admitted.header.kind.name) batches")
    }
    let lock = try parts.locks.batch(batchID, of: partner.name)
    defer { lock.release() }
    // Another process may have moved it on before the lock was ours.
    var batch = try await current(admitted)
    if isAnswered(batch) { return try await report(batch, path, isRepeated: true) }
    // Before anything else: what was sealed tells the lines as they are now, not as they will be.
    if try await publisher(progress).placement.finishInterrupted(batch) {
      batch = try await current(admitted)
      if isAnswered(batch) { return try await report(batch, path, isRepeated: false) }
    }
    // A batch whose answer was taken away only has to be answered again.
    if !batch.life.isFinal {
      batch = try await open(batch)
      let dispatcher = Dispatcher(
        journal: parts.journal, executor: executor, lanes: lanes, clock: parts.clock, owner: ownerOfRun(),
        settings: parts.dispatch, failureLimit: partner.policy.failureLimit, progress: progress)
      let scheme = try ReferenceScheme(processor: batch.processor, partner: partner.name, batchID: batchID)
      try await dispatcher.run(batch, scheme: scheme)
      batch = try await current(batch)
    }
    // Nothing new is to be told: the last answer stands, with the same lines pending.
    if batch.isChanged || !isPublished(batch) {
      try await publisher(progress).publish(batch, to: partner, executor: executor)
    }
    return try await report(try await current(batch), path, isRepeated: false)
  }

  /// Checks that the batch may be worked on now; one that has ended while it was held is let go, to be answered.
  private func open(_ batch: BatchRecord) async throws -> BatchRecord {
    let now = parts.clock.now()
    let hasEnded = batch.header.expiresAt.map { $0 <= now } ?? false
    if let hold = batch.life.hold {
      guard hasEnded else {
        // Nothing was sent before the first release. Later, what may have been sent is asked for; nothing else is done.
        guard hold == .awaitingRelease, batch.round == 1 else { return batch }
        throw PipelineError.held(batchID: batch.header.batchID, cause: hold, note: batch.holdNote ?? "")
      }
      try await parts.journal.cancel(batch.number, for: Dispatcher.expired, actor: .daemon, at: now)
      return try await current(batch)
    }
    if let executeAt = batch.header.executeAt, now < executeAt, batch.cancellation == nil {
      throw PipelineError.notBefore(batchID: batch.header.batchID, executeAt: executeAt)
    }
    return batch
  }

  /// Whether the whole answer is there to be given again. One that was taken away is published anew, with the same
  /// lines under the next number.
  public func isAnswered(_ batch: BatchRecord) -> Bool { batch.life.isFinal && isPublished(batch) }

  /// Whether the last result of the batch, perhaps with some lines pending, is there to be fetched.
  public func isPublished(_ batch: BatchRecord) -> Bool {
    guard batch.isPublished, let publication = batch.publication else { return false }
    return FileDigest.exists(parts.outbox.path(of: publication.path))
  }

  private func current(_ batch: BatchRecord) async throws -> BatchRecord {
    guard let record = try await parts.journal.batch(batch.header.batchID, of: batch.partner) else {
      throw JournalError.noSuchBatch(batch.number)
    }
    return record
  }

  /// A run that failed leaves claims behind. The batch's lock says that it is over, so the next one is another owner,
  /// in the same process too, and asks for what they hold.
  private func ownerOfRun() -> ClaimOwner {
    ClaimOwner(rawValue: "\(parts.owner.rawValue)-\(String(UInt64.random(in: .min ... .max), radix: 36))")
  }

  // MARK: Reports

  private func report(_ batch: BatchRecord, _ path: String, isRepeated: Bool) async throws -> BatchReport {
    var report = BatchReport(file: path, status: batch.life.isFinal ? .completed : .partial)
    report.batchID = batch.header.batchID
    report.partner = batch.partner
    report.summary = try await parts.journal.summary(of: batch.number)
    report.resultPath = batch.publication.map { parts.outbox.path(of: $0.path) }
    report.isRepeated = isRepeated
    return report
  }

  private func report(_ rejection: Rejection, _ path: String) -> BatchReport {
    var report = BatchReport(file: path, status: .rejected)
    report.rejection = rejection
    return report
  }

  private func refusal(_ error: EnvelopeError, _ path: String) throws -> BatchReport {
    var report = report(try rejection(error), path)
    report.operatorDetail = error.detail
    return report
  }

  /// The sender's answer to a file that can't be opened; an error of our own is thrown on.
  private func rejection(_ error: EnvelopeError) throws -> Rejection {
    guard let rejection = error.asRejection else { throw error }
    return rejection
  }

  /// A file that was opened and whose signer is known gets a sealed answer.
  private func answer(
    _ rejection: Rejection, _ sealed: SealedFile, _ partner: Partner, _ submission: Submission,
    _ bareArray: BareArrayIdentity?
  ) async throws -> BatchReport {
    var report = report(rejection, submission.path)
    report.partner = partner.name
    let header = try await HeaderPass.read(sealed, limits: parts.batchLimits, bareArray: bareArray).seen.header
    report.batchID = header?.batchID
    let publisher = try publisher { _ in }
    if let token = submission.refusalToken {
      report.refusal = try await publisher.seal(
        rejection, of: header, file: submission.name, token: token, to: partner)
    } else {
      report.resultPath = try await publisher.publish(rejection, of: header, file: submission.name, to: partner)
    }
    return report
  }

  // MARK: The audit trail

  /// A report of a rejected file that the trail knows of.
  private func noted(_ report: BatchReport, _ submission: Submission, _ signers: [Certificate]) async throws
    -> BatchReport
  {
    var details = [AuditEvent.Detail("code", report.rejection?.code.rawValue ?? "")]
    if let digest = try await blocking({ try FileDigest.sha256(of: submission.path) }) {
      details.append(.init("sha256", Hexadecimal.string(digest)))
    }
    try await note(
      .fileRejected, submission, of: report.partner ?? submission.inbox, batchID: report.batchID, signers, details)
    return report
  }

  private func note(
    _ action: AuditAction, _ submission: Submission, of partner: String?, batchID: String?,
    _ signers: [Certificate], _ details: [AuditEvent.Detail] = []
  ) async throws {
    var event = AuditEvent(action, by: parts.actor, details: details)
    event.partner = partner
    event.batchID = batchID
    event.file = submission.name
    event.key = signers.isEmpty ? nil : signers.map(\.publicKeyDigest).joined(separator: ",")
    try await parts.journal.note(event, at: parts.clock.now())
  }

  /// Who drops a file into an inbox must be the partner whose inbox it is; the one who signed it is not asked.
  private func checkInbox(_ submission: Submission, _ partner: Partner) throws {
    guard let inbox = submission.inbox, inbox != partner.name else { return }
    throw Rejection(
      Problem(.senderMismatch, "the file lay in the inbox of \(inbox), and its signers belong to another partner"))
  }
}
