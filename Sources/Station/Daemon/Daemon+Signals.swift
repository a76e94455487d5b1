import Batch
import Journal
import Logging
import Pipeline
import Storage

extension Daemon {
  /// What the tasks and the system tell the daemon, one after the other.
  enum Signal: Sendable {
    /// Something has happened in an inbox.
    case look
    /// A second went by.
    case tick
    case scanned(Result<Scan, any Error>)
    case fileEnded(Schedule.FileJob, WorkItem?, Result<Receiver.Ending, any Error>)
    case batchEnded(BatchRecord, Result<Worked, any Error>)
    case moved(WaitingFile, Result<Void, any Error>)
    case indexed(Result<Int, any Error>)
    case stop
  }

  /// What became of a batch that was worked on.
  struct Worked: Sendable {
    let report: BatchReport
    let batch: BatchRecord
    let before: BatchSummary?
  }

  func handle(_ signal: Signal, in group: inout DiscardingTaskGroup) {
    switch signal {
    case .look: scanning.isWanted = true
    case .tick: begin(schedule.handle(.time, at: moment()), in: &group)
    case .scanned(let result): scanned(result, in: &group)
    case .fileEnded(let job, let item, let result): fileEnded(job, item, result, in: &group)
    case .batchEnded(let batch, let result): batchEnded(batch, result, in: &group)
    case .moved(let file, let result):
      movingCount -= 1
      if case .failure(let error) = result {
        // The next look finds its batch answered, and tries again.
        waiting.add(file)
        failed(
          error, "a file could not be put away", ["partner": "\(file.item.partner)", "file": "\(file.item.name)"])
      }
    case .indexed(let result):
      isIndexing = false
      switch result {
      case .success(let count): indexWhenIdle(isMore: count > 0, in: &group)
      case .failure(let error): failed(error, "the journal could not be indexed for enquiries", [:])
      }
    case .stop:
      isStopping = true
      parts.log.info("daemon stops: what is begun is ended or left to be taken up again")
      parts.observer.observe(.stopping)
      _ = schedule.handle(.stop, at: moment())
    }
    scanWhenDue(in: &group)
  }

  /// Carries out what the schedule has decided.
  func begin(_ actions: [Schedule.Action], in group: inout DiscardingTaskGroup) {
    for action in actions {
      switch action {
      case .receive(let job): receive(job, in: &group)
      case .work(let number): work(on: number, in: &group)
      }
    }
  }

  private func receive(_ job: Schedule.FileJob, in group: inout DiscardingTaskGroup) {
    receiving.insert(job)
    group.addTask { [receiver, sink] in
      var item: WorkItem?
      do {
        item = try await receiver.take(job)
        var isNew = false
        if case .inbox = job.place { isNew = true }
        let ending =
          if let item { try await receiver.receive(item, isNew: isNew) } else { Receiver.Ending.gone }
        sink.yield(.fileEnded(job, item, .success(ending)))
      } catch {
        sink.yield(.fileEnded(job, item, .failure(error)))
      }
    }
  }

  private func work(on number: BatchNumber, in group: inout DiscardingTaskGroup) {
    guard let batch = records[number] else { return }
    group.addTask { [parts, sink] in
      let work = parts.observer.begin()
      do {
        let before = try await parts.journal.summary(of: number)
        let report = try await parts.pipeline.advance(batch, progress: { work.observe($0) })
        work.stop(isFinished: report.status == .completed)
        let worked = Worked(report: report, batch: try await parts.journal.batch(number), before: before)
        sink.yield(.batchEnded(batch, .success(worked)))
      } catch {
        work.stop(isFinished: false)
        sink.yield(.batchEnded(batch, .failure(error)))
      }
    }
  }

  // MARK: Files

  private func fileEnded(
    _ job: Schedule.FileJob, _ item: WorkItem?, _ result: Result<Receiver.Ending, any Error>,
    in group: inout DiscardingTaskGroup
  ) {
    receiving.remove(job)
    scanning.isStale = true
    var again: Schedule.FileJob?
    switch result {
    case .success(.gone): break
    case .success(.ended(let ending)):
      if case .rejected = ending { tally.rejectedFiles += 1 }
    case .success(.waits(let file, let batch, let lineCount)):
      waiting.add(file)
      lineCounts[batch.number] = lineCount
      order(batch, in: &group)
    case .failure(let error):
      again = job
      if let item { again?.place = .work(item) }
      failed(error, "a file could not be received", ["partner": "\(job.partner)", "file": "\(job.name)"])
    }
    begin(schedule.handle(.fileEnded(job, again: again), at: moment()), in: &group)
    // A partner has more than one look hands over.
    if scanning.findings.laterCount > 0, schedule.waitingFileCount == 0 { scanning.isWanted = true }
  }

  /// Has a batch worked on, whatever the journal says of it.
  func order(_ batch: BatchRecord, in group: inout DiscardingTaskGroup) {
    records[batch.number] = batch
    begin(schedule.handle(.batch(job(for: batch)), at: moment()), in: &group)
  }

  /// What the schedule has to know of a batch.
  func job(for batch: BatchRecord) -> Schedule.BatchJob {
    Schedule.BatchJob(
      number: batch.number, partner: batch.partner, lineCount: lineCounts[batch.number] ?? 0,
      executeAt: batch.cancellation == nil ? batch.header.executeAt : nil, isHeld: batch.life.hold != nil,
      expiresAt: batch.header.expiresAt)
  }

  // MARK: Batches

  private func batchEnded(
    _ batch: BatchRecord, _ result: Result<Worked, any Error>, in group: inout DiscardingTaskGroup
  ) {
    scanning.isStale = true
    let metadata: Logger.Metadata = ["partner": "\(batch.partner)", "batch": "\(batch.header.batchID)"]
    let ending: Schedule.BatchEnding
    switch result {
    case .success(let worked):
      ending = worked.report.status == .completed ? .finished : .unfinished
      answered(worked, metadata)
      archive(waiting.takeAnswered(by: worked.batch), of: worked.batch, in: &group)
    case .failure(PipelineError.busy): ending = .busy
    case .failure(PipelineError.held), .failure(PipelineError.notBefore): ending = .waits
    case .failure(let error):
      ending = .unfinished
      failed(error, "a batch could not be worked on", metadata)
    }
    begin(schedule.handle(.batchEnded(batch.number, ending), at: moment()), in: &group)
  }

  private func answered(_ worked: Worked, _ metadata: Logger.Metadata) {
    var metadata = metadata
    let summary = worked.report.summary ?? BatchSummary()
    metadata["status"] = "\(worked.report.status.rawValue)"
    metadata["succeeded"] = "\(summary.succeeded.count)"
    metadata["failed"] = "\(summary.failed.count)"
    metadata["pending"] = "\(summary.pending.count)"
    metadata["revision"] = "\(worked.batch.publication?.revision ?? 0)"
    parts.log.info("batch answered", metadata: metadata)
    parts.observer.observe(.batchWorked(worked.batch, from: worked.before, to: summary))
    if worked.report.status == .completed {
      tally.finishedBatches += 1
      tally.failedInstructions += summary.failed.count
    } else {
      tally.unfinished += 1
    }
  }

  /// Puts files away whose batch is answered.
  func archive(_ files: [WaitingFile], of batch: BatchRecord, in group: inout DiscardingTaskGroup) {
    for file in files {
      movingCount += 1
      let ending: FileEnding = batch.life.isFinal ? .completed : .partial
      group.addTask { [parts, sink] in
        do {
          try await blocking { _ = try parts.spool.archive(file.item) }
          parts.observer.observe(.fileEnded(ending, partner: file.item.partner))
          sink.yield(.moved(file, .success(())))
        } catch {
          sink.yield(.moved(file, .failure(error)))
        }
      }
    }
  }

  /// Enquiries are quick over what is indexed; that is done while nobody is paid.
  func indexWhenIdle(isMore: Bool, in group: inout DiscardingTaskGroup) {
    guard isMore, !isIndexing, !isStopping, !endsWhenIdle, schedule.isIdle else { return }
    isIndexing = true
    group.addTask { [parts, sink] in
      do {
        sink.yield(.indexed(.success(try await parts.journal.indexForEnquiries(atMost: Self.linesPerIndexing))))
      } catch {
        sink.yield(.indexed(.failure(error)))
      }
    }
  }

  /// Few enough that a file which comes waits for an instant only.
  private static let linesPerIndexing = 8_192

  // MARK: Errors

  /// Tells an error of one piece of work, which is tried again; one that only a new start mends ends the daemon.
  func failed(_ error: any Error, _ what: String, _ metadata: Logger.Metadata) {
    if isStopping, Self.isInterruption(error) { return }
    let failure = Failure(error)
    var metadata = metadata
    metadata["code"] = "\(failure?.code ?? "unexpected")"
    metadata["reason"] = "\(failure?.message ?? "\(error)")"
    parts.observer.observe(
      .failed(code: failure?.code ?? "unexpected", message: failure?.message ?? "\(error)"))
    tally.unfinished += 1
    guard DaemonFailure.needsNewStart(error) else {
      parts.log.error("\(what), and is tried again", metadata: metadata)
      return
    }
    parts.log.critical("\(what): only a new start mends it", metadata: metadata)
    stop(for: error)
  }

  private static func isInterruption(_ error: any Error) -> Bool {
    if case PipelineError.interrupted = error { return true }
    return error is CancellationError
  }
}

extension Schedule.FileJob {
  /// What the file was called when it was dropped.
  var name: String {
    switch place {
    case .inbox(let file): file.key.name
    case .work(let item): item.name
    }
  }
}
