import Batch
import Journal
import Logging
import Partners
import Pipeline

extension Daemon {
  /// When the inboxes and the journal are looked at.
  struct Scanning {
    var isRunning = false
    /// Something has asked for it.
    var isWanted = true
    /// Something has been done since the last one began.
    var isStale = true
    var last: ContinuousClock.Instant?
    var findings = InboxScan.Findings()

    /// Whether the last one found everything as it is now, and nothing that will be ready by itself.
    var isQuiet: Bool { last != nil && !isWanted && !isStale && findings.settlingCount == 0 }
  }

  /// What one look has found.
  struct Scan: Sendable {
    var findings: InboxScan.Findings
    var watch: InboxWatch
    var batches: [BatchRecord]
    var lineCounts: [BatchNumber: Int]
    /// Batches that files wait for and that are not unfinished; `nil` for those that the journal does not have.
    var others: [(partner: String, batchID: String, batch: BatchRecord?)]
    var partners: [String]
  }

  func scanWhenDue(in group: inout DiscardingTaskGroup) {
    guard !scanning.isRunning, !isStopping else { return }
    let pause = min(
      .seconds(parts.settings.scanSeconds), max(.seconds(1), scanning.findings.nextAfter ?? .seconds(3_600)))
    let isDue = scanning.last.map { ContinuousClock.now - $0 >= pause } ?? true
    guard isDue || scanning.isWanted || endsWhenIdle && scanning.isStale && schedule.isIdle else { return }
    scanning.isRunning = true
    scanning.isWanted = false
    scanning.isStale = false
    lookBegins()
    let excluded = Set(receiving.compactMap { if case .inbox(let file) = $0.place { file.key } else { nil } })
    group.addTask { [parts, sink, watch, lineCounts, waiting, moment = moment()] in
      do {
        sink.yield(
          .scanned(.success(try await Self.scan(parts, watch, moment, excluded, lineCounts, waiting))))
      } catch {
        sink.yield(.scanned(.failure(error)))
      }
    }
  }

  private static func scan(
    _ parts: Parts, _ watch: InboxWatch, _ moment: InboxWatch.Moment, _ excluded: Set<DroppedFile.Key>,
    _ lineCounts: [BatchNumber: Int], _ waiting: WaitingRoom
  ) async throws -> Scan {
    let partners = try parts.partners.names()
    let (findings, watch) = try await blocking {
      for partner in partners { try parts.spool.directory.prepare(for: partner) }
      var watch = watch
      var scan = InboxScan(spool: parts.spool.directory, partners: partners)
      scan.excluded = excluded
      return (try scan.run(&watch, at: moment), watch)
    }
    let batches = try await parts.journal.unfinishedBatches()
    var counts: [BatchNumber: Int] = [:]
    for batch in batches {
      if let count = lineCounts[batch.number] {
        counts[batch.number] = count
      } else {
        counts[batch.number] = try await parts.journal.summary(of: batch.number).count
      }
    }
    var others: [(partner: String, batchID: String, batch: BatchRecord?)] = []
    for (partner, batchID) in waiting.batches(besides: batches) {
      others.append((partner, batchID, try await parts.journal.batch(batchID, of: partner)))
    }
    return Scan(
      findings: findings, watch: watch, batches: batches, lineCounts: counts, others: others, partners: partners)
  }

  func scanned(_ result: Result<Scan, any Error>, in group: inout DiscardingTaskGroup) {
    scanning.isRunning = false
    scanning.last = .now
    switch result {
    case .failure(let error): failed(error, "the inboxes or the journal could not be looked at", [:])
    case .success(let scan):
      scanning.findings = scan.findings
      watch = scan.watch
      watchInboxes(of: scan.partners)
      tell(scan.findings.troubles)
      tell(scan.batches)
      for (number, count) in scan.lineCounts { lineCounts[number] = count }
      for batch in scan.batches { records[batch.number] = batch }
      let running = Set(receiving)
      let jobs = scan.findings.ready.map {
        Schedule.FileJob(partner: $0.key.partner, byteCount: $0.stamp.byteCount, place: .inbox($0))
      }
      begin(schedule.handle(.inbox(jobs.filter { !running.contains($0) }), at: moment()), in: &group)
      begin(schedule.handle(.journal(scan.batches.map(job(for:))), at: moment()), in: &group)
      for batch in scan.batches { archive(waiting.takeAnswered(by: batch), of: batch, in: &group) }
      for other in scan.others { settle(other, in: &group) }
      forget(besides: scan.batches)
      parts.observer.observe(.scanned(depths(scan)))
      indexWhenIdle(isMore: true, in: &group)
    }
  }

  /// What becomes of the files of a batch that is not unfinished.
  private func settle(
    _ other: (partner: String, batchID: String, batch: BatchRecord?), in group: inout DiscardingTaskGroup
  ) {
    guard let batch = other.batch, batch.life.isPublishable else {
      // The journal does not have it, or has refused it since: as if the file were new.
      for file in waiting.takeAll(of: other.partner, other.batchID) {
        begin(schedule.handle(.taken(fileJob(for: file.item)), at: moment()), in: &group)
      }
      return
    }
    let answered = waiting.takeAnswered(by: batch)
    archive(answered, of: batch, in: &group)
    if answered.isEmpty { order(batch, in: &group) }
  }

  /// Forgets what was kept of batches that are finished.
  private func forget(besides batches: [BatchRecord]) {
    let unfinished = Set(batches.map(\.number))
    let kept = { [schedule] (number: BatchNumber) in unfinished.contains(number) || schedule.knows(number) }
    records = records.filter { kept($0.key) }
    lineCounts = lineCounts.filter { kept($0.key) }
  }

  /// Tells what is in an inbox and not taken, once for as long as it is there.
  private func tell(_ found: Set<InboxScan.Trouble>) {
    for trouble in found.subtracting(troubles).sorted(by: { $0.path < $1.path }) {
      parts.log.warning("not taken: \(trouble.reason)", metadata: ["path": "\(trouble.path)"])
    }
    troubles = found
  }

  /// Tells of each hold once, and of its end: whatever stops a batch waits for a person.
  private func tell(_ batches: [BatchRecord]) {
    var present: [BatchNumber: BatchHold] = [:]
    for batch in batches {
      let metadata: Logger.Metadata = ["batch": "\(batch.header.batchID)", "partner": "\(batch.partner)"]
      if let hold = batch.life.hold {
        present[batch.number] = hold
        guard holds[batch.number] != hold else { continue }
        parts.log.warning("batch held", metadata: metadata.merging(["cause": "\(hold.name)"]) { $1 })
      } else if holds[batch.number] != nil {
        parts.log.info("batch goes on", metadata: metadata)
      }
    }
    holds = present
  }

  private func depths(_ scan: Scan) -> QueueDepths {
    var depths = QueueDepths()
    let findings = scan.findings
    depths.inbox = findings.ready.count + findings.laterCount + findings.settlingCount + findings.incompleteCount
    depths.work = receiving.count
    depths.ready = schedule.runningBatchCount + schedule.waitingBatchCount
    for batch in scan.batches { if let hold = batch.life.hold { depths.held[hold, default: 0] += 1 } }
    depths.waiting = max(0, scan.batches.count - depths.ready - depths.held.values.reduce(0, +))
    depths.troubles = scan.findings.troubles.count
    depths.oldest = scan.batches.compactMap(\.decidedAt).min()
    return depths
  }

  func fileJob(for item: WorkItem) -> Schedule.FileJob {
    let stamp = FileEntry(at: parts.spool.path(of: item)).regular?.stamp
    return Schedule.FileJob(partner: item.partner, byteCount: stamp?.byteCount ?? 0, place: .work(item))
  }

  /// Takes up what an earlier daemon left: what waits for an answer goes on waiting; the rest is for the receiver, which
  /// ends what was refused, and tries it again where that fails.
  func recover() async throws -> [Schedule.FileJob] {
    let found = try await blocking { [spool = parts.spool] in try spool.recover() }
    var jobs: [Schedule.FileJob] = []
    for file in found {
      if case .admitted(let batchID, let answered)? = file.note {
        waiting.add(WaitingFile(item: file.item, batchID: batchID, answered: answered))
      } else {
        jobs.append(fileJob(for: file.item))
      }
    }
    if !found.isEmpty { parts.log.info("took up \(found.count) files that were in the spool") }
    return jobs
  }
}
