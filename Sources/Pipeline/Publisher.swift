import Batch
import Cryptography
import Envelope
import Journal
import Partners
import Storage
import Wallet

/// Streams a batch's outcomes into a sealed result and gives it its place in the outbox.
struct Publisher: Sendable {
  /// How many lines are read, encoded and written at a time.
  private static let linesPerPage = 8_192

  let journal: any Journal
  let clock: any WallClock
  let processorID: String
  let actor: AuditActor
  let signer: KeyPair
  let outbox: Outbox
  let locks: LockDirectory
  let progress: ProgressObserver

  /// What gives results their places.
  var placement: ResultPlacement { ResultPlacement(journal: journal, outbox: outbox, clock: clock) }

  /// Publishes the batch as its lines stand now.
  func publish(_ batch: BatchRecord, to partner: Partner, executor: any Executor) async throws {
    let summary = try await journal.summary(of: batch.number)
    // One that was prepared and is nowhere may have been taken away by its reader: its number is used.
    let revision = (batch.publication?.revision ?? 0) + 1
    let temporary = try outbox.temporaryPath(of: batch)
    try FileDigest.removeIfPresent(temporary)
    let result = try ResultStream(path: temporary, signer: signer, recipients: partner.encryptionCertificates)
    let head = try await journal.auditHead()
    let header = header(of: batch, summary, revision: revision, AuditWitness(head))
    try await result.append { ResultEncoder.head(header) }
    CrashPoint.reached(.publishBegun)
    try await writeLines(of: batch, count: summary.count, executor, result)
    try await result.append { ResultEncoder.tail() }
    let digest = try await result.finish()
    CrashPoint.reached(.publishSealed)
    var publication = Publication(revision: revision, path: "", digest: digest.bytes)
    publication.signer = signer.certificate.fingerprint
    publication.recipients = partner.encryptionCertificates.map(\.fingerprint)
    publication.witness = head
    try await placement.place(publication, of: batch)
  }

  /// Seals the refusal of a file for the partner whose signers sent it.
  ///
  /// - Returns: the path of the sealed answer.
  func publish(_ rejection: Rejection, of header: BatchHeader?, file: String, to partner: Partner) async throws
    -> String
  {
    // One at a time, so that what a crash left has one name and is replaced.
    let lock = try await locks.refusal(of: partner.name)
    defer { lock.release() }
    let temporary = try outbox.refusalTemporaryPath(of: partner.name)
    try FileDigest.removeIfPresent(temporary)
    let written = try await write(rejection, of: header, to: partner, at: temporary)
    CrashPoint.reached(.publishSealed)
    var place: String
    repeat {
      place = try outbox.freePlace(for: file, of: partner.name)
    } while try await !placement.commit(
      temporary, to: outbox.path(of: place))
    // A crash in between leaves an answer without an entry; the file comes again and is answered, and told, again.
    try await note(written, of: rejection, batchID: header?.batchID, file: file, at: place, to: partner)
    return outbox.path(of: place)
  }

  /// A refusal as it was sealed.
  struct Written: Sendable {
    let digest: SHA256Digest
    /// The head of the audit trail that it carries.
    let witness: AuditHead
  }

  /// Seals the refusal at `path`.
  func write(_ rejection: Rejection, of header: BatchHeader?, to partner: Partner, at path: String) async throws
    -> Written
  {
    var answer = ResultHeader(
      batchID: header?.batchID, sourceBBID: partner.name, processorID: processorID, revision: 1, status: .rejected,
      generatedAt: clock.now())
    answer.requestID = header?.requestID
    let head = try await journal.auditHead()
    answer.audit = AuditWitness(head)
    let document = ResultEncoder.rejected(answer, rejection)
    let result = try ResultStream(path: path, signer: signer, recipients: partner.encryptionCertificates)
    try await result.append { document }
    return Written(digest: try await result.finish(), witness: head)
  }

  /// Writes down which answer a refused file gets.
  func note(
    _ written: Written, of rejection: Rejection, batchID: String?, file: String, at place: String, to partner: Partner
  ) async throws {
    var event = AuditEvent(
      .resultPublished, by: actor,
      details: [
        .init("revision", "1"), .init("result", place), .init("sha256", written.digest.hexString),
        .init("status", "rejected"), .init("code", rejection.code.rawValue),
        .init("recipients", partner.encryptionCertificates.map(\.fingerprint).joined(separator: ",")),
        .init("witness", "\(written.witness)"),
      ])
    event.partner = partner.name
    event.batchID = batchID
    event.file = file
    event.key = signer.certificate.fingerprint
    try await journal.note(event, at: clock.now())
  }

  private func writeLines(of batch: BatchRecord, count: Int, _ executor: any Executor, _ result: ResultStream)
    async throws
  {
    var written = 0
    var page = try await page(of: batch, from: 0, executor)
    while let last = page.lastPosition {
      try Task.checkCancellation()
      // The next page is read while this one is encoded, compressed and sealed.
      async let following = self.page(of: batch, from: last + 1, executor)
      let lines = page.outcomes
      let isFirst = written == 0
      try await result.append { ResultEncoder.lines(lines, isFirst: isFirst) }
      written += lines.count
      progress(.publishing(done: written, of: count))
      page = try await following
    }
    guard written == count else {
      throw PipelineError.journal("\(batch.header.batchID): \(count) instructions were admitted, \(written) lines read")
    }
  }

  private struct Page: Sendable {
    let outcomes: [Outcome]
    let lastPosition: Int?
  }

  private func page(of batch: BatchRecord, from position: Int, _ executor: any Executor) async throws -> Page {
    let lines = try await journal.lines(of: batch.number, from: position, count: Self.linesPerPage)
    var outcomes = lines.map(Outcome.init)
    try await executor.complete(
      &outcomes, of: lines.map { $0.state == .settled && $0.byHand == nil ? $0.reference : nil })
    return Page(outcomes: outcomes, lastPosition: lines.last?.instruction.position)
  }

  private func header(of batch: BatchRecord, _ summary: BatchSummary, revision: Int, _ witness: AuditWitness)
    -> ResultHeader
  {
    var header = ResultHeader(
      batchID: batch.header.batchID, sourceBBID: batch.header.sourceBBID, processorID: processorID, revision: revision,
      status: summary.pending.count == 0 ? .completed : .partial, generatedAt: clock.now(),
      summary: ResultSummary(summary))
    header.requestID = batch.header.requestID
    header.audit = witness
    return header
  }
}

extension AuditWitness {
  /// The head as a result has it.
  init(_ head: AuditHead) { self.init(entry: head.number, hash: Hexadecimal.string(head.hash)) }
}
