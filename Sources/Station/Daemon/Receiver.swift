import Batch
import Journal
import Logging
import Pipeline
import Storage

/// Takes one file from its inbox into the journal, or to its end when it is refused or was answered before.
struct Receiver: Sendable {
  let spool: Spool
  let pipeline: Pipeline
  let journal: any Journal
  let observer: any DaemonObserver
  let log: Logger

  /// What became of a file.
  enum Ending: Sendable {
    /// Its batch is to be answered; the file waits for it.
    case waits(WaitingFile, BatchRecord, lineCount: Int)
    /// It is at its last place.
    case ended(FileEnding)
    /// It was not there any more, or is being written to.
    case gone
  }

  /// Takes the file out of the inbox, if it is there still; `nil` when it is not what was judged.
  func take(_ job: Schedule.FileJob) async throws -> WorkItem? {
    switch job.place {
    case .work(let item): return item
    case .inbox(let file):
      guard let item = try await blocking({ try spool.take(file) }) else { return nil }
      observer.observe(.fileTaken(partner: item.partner, byteCount: job.byteCount))
      log.info("file taken", metadata: Self.metadata(item))
      return item
    }
  }

  /// Does everything for a file that was taken; `isNew` when that was in this instant.
  func receive(_ item: WorkItem, isNew: Bool) async throws -> Ending {
    if isNew { try await note(item) }
    // Its sender may have been told already: whatever would be decided now, it stays refused.
    if case .refused(let refused)? = try await blocking({ try spool.note(of: item) }) {
      return .ended(try await finish(item, refused))
    }
    let work = observer.begin()
    defer { work.stop(isFinished: false) }
    switch try await pipeline.receive(submission(item), progress: { work.observe($0) }) {
    case .rejected(let report): return .ended(try await refuse(item, report))
    case .admitted(let batch):
      log.info("batch admitted", metadata: Self.metadata(item, batch))
      return try await wait(item, for: batch, answered: 0)
    case .known(let batch):
      if pipeline.isPublished(batch) {
        try await blocking { _ = try spool.archive(item) }
        log.info("file repeated: its batch is answered", metadata: Self.metadata(item, batch))
        observer.observe(.fileEnded(.repeated, partner: item.partner))
        return .ended(.repeated)
      }
      log.info("file repeated: its batch has no answer in the outbox", metadata: Self.metadata(item, batch))
      let answered = batch.isPublished ? batch.publication?.revision ?? 0 : 0
      return try await wait(item, for: batch, answered: answered)
    }
  }

  /// Tells the audit trail. A kill before it leaves the word to what becomes of the file.
  private func note(_ item: WorkItem) async throws {
    var event = AuditEvent(.fileTaken, by: .daemon, details: [.init("arrival", item.fileName)])
    event.partner = item.partner
    event.file = item.name
    try await journal.note(event, at: spool.clock.now())
  }

  private func submission(_ item: WorkItem) -> Submission {
    var submission = Submission(path: spool.path(of: item))
    submission.name = item.name
    submission.inbox = item.partner
    submission.arrival = item.fileName
    submission.refusalToken = item.token
    return submission
  }

  private func wait(_ item: WorkItem, for batch: BatchRecord, answered: Int) async throws -> Ending {
    let batchID = batch.header.batchID
    try await blocking { try spool.noteAdmission(of: item, as: batchID, answered: answered) }
    let lineCount = try await journal.summary(of: batch.number).count
    return .waits(WaitingFile(item: item, batchID: batchID, answered: answered), batch, lineCount: lineCount)
  }

  private func refuse(_ item: WorkItem, _ report: BatchReport) async throws -> FileEnding {
    let rejection = report.rejection ?? Rejection(Problem(.schema, "the file was rejected"))
    let answer = report.refusal
    try await blocking { _ = try spool.refuse(item, for: rejection, answer: answer) }
    var metadata = Self.metadata(item)
    metadata["code"] = "\(rejection.code.rawValue)"
    metadata["batch"] = report.batchID.map { "\($0)" }
    metadata["reason"] = "\(rejection.code.explanation)"
    metadata["detail"] = report.operatorDetail.map { "\($0)" }
    log.warning("file rejected", metadata: metadata)
    observer.observe(.fileEnded(.rejected(rejection.code), partner: item.partner))
    return .rejected(rejection.code)
  }

  /// Ends a refusal that an earlier try, or an earlier daemon, has written down.
  private func finish(_ item: WorkItem, _ refused: RefusedFile) async throws -> FileEnding {
    try await blocking { _ = try spool.finish(item, refused) }
    let code = refused.code ?? .schema
    var metadata = Self.metadata(item)
    metadata["code"] = "\(code.rawValue)"
    log.warning("file rejected: an earlier refusal is ended", metadata: metadata)
    observer.observe(.fileEnded(.rejected(code), partner: item.partner))
    return .rejected(code)
  }

  private static func metadata(_ item: WorkItem, _ batch: BatchRecord? = nil) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["partner": "\(item.partner)", "file": "\(item.name)"]
    metadata["batch"] = batch.map { "\($0.header.batchID)" }
    return metadata
  }
}

/// A taken file whose batch is to be answered.
struct WaitingFile: Hashable, Sendable {
  let item: WorkItem
  let batchID: String
  /// The revision of the answer that was not there any more when the file came; 0 for none.
  let answered: Int

  /// Whether the batch has the answer that the file waits for.
  func isAnswered(by batch: BatchRecord) -> Bool {
    batch.isPublished && (batch.publication?.revision ?? 0) > answered
  }
}
