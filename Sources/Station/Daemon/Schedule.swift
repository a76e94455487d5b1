import Batch
import Journal

/// What the daemon does next, as a pure value: what happened goes in, what to begin comes out; no clock, no I/O.
struct Schedule: Sendable {
  /// How much is done at once, and what is large.
  struct Limits: Hashable, Sendable {
    var filesAtOnce = 4
    var batchesAtOnce = 8
    /// A sealed file above it is large.
    var largeFileBytes = 8 << 20
    /// A batch above it is large.
    var largeBatchLines = 100_000
  }

  /// A file to be taken into the journal.
  struct FileJob: Hashable, Sendable {
    var partner: String
    var byteCount: Int
    var place: Place

    enum Place: Hashable, Sendable {
      /// It waits in the inbox and may be taken.
      case inbox(DroppedFile)
      /// It was taken.
      case work(WorkItem)
    }
  }

  /// A batch of the journal with something left to be done.
  struct BatchJob: Hashable, Sendable {
    var number: BatchNumber
    var partner: String
    var lineCount: Int
    /// Not before this instant.
    var executeAt: Timestamp?
    /// What holds it ends at this instant, or with an operator's word.
    var isHeld = false
    var expiresAt: Timestamp?
  }

  /// How the work on a batch ended.
  enum BatchEnding: Hashable, Sendable {
    /// Every line is final, and the result published.
    case finished
    /// Some answers are missing, or the wallet is not available, or something failed: later again.
    case unfinished
    /// Another process works on it: soon again.
    case busy
    /// It is not its time: when the journal says so.
    case waits
  }

  /// Something that has happened.
  enum Event: Sendable {
    /// These files may be taken from the inboxes now, and no others.
    case inbox([FileJob])
    /// A file that was taken before is to be received.
    case taken(FileJob)
    /// The work on a file ended; `again` is what to try later, when it could not be decided on.
    case fileEnded(FileJob, again: FileJob?)
    /// These are the journal's unfinished batches, and no others.
    case journal([BatchJob])
    /// A batch is to be worked on, also if it is finished: it has to be answered again.
    case batch(BatchJob)
    case batchEnded(BatchNumber, BatchEnding)
    /// Nothing has happened but time.
    case time
    /// Nothing new is begun from here on.
    case stop
  }

  /// What to begin.
  enum Action: Hashable, Sendable {
    case receive(FileJob)
    case work(BatchNumber)
  }

  private struct Known: Sendable {
    var job: BatchJob
    /// The journal may not name it, since it is finished.
    var isOrdered: Bool
    var retry = Retry()
  }

  /// When something that did not succeed is tried again.
  private struct Retry: Sendable {
    static let first = Duration.seconds(30)
    static let longest = Duration.seconds(900)
    static let busy = Duration.seconds(3)

    var pause = Self.first
    var at: Duration?

    mutating func later(than uptime: Duration) {
      at = uptime + pause
      pause = min(pause * 2, Self.longest)
    }
  }

  private let limits: Limits
  private var files: FairQueue<FileJob>
  private var batches: FairQueue<BatchNumber>
  private var known: [BatchNumber: Known] = [:]
  private var retriedFiles: [FileJob: Retry] = [:]
  private var isStopped = false

  init(_ limits: Limits) {
    self.limits = limits
    files = FairQueue(places: limits.filesAtOnce, onePerPartner: true)
    batches = FairQueue(places: limits.batchesAtOnce, onePerPartner: false)
  }

  /// How many files and batches are being worked on.
  var runningCount: Int { files.runningCount + batches.runningCount }
  /// Whether nothing is being done, and nothing could be now.
  var isIdle: Bool { runningCount == 0 && files.waitingCount == 0 && batches.waitingCount == 0 }
  /// How many files wait to be received.
  var waitingFileCount: Int { files.waitingCount }
  /// How many batches could be worked on and have no place.
  var waitingBatchCount: Int { batches.waitingCount }
  /// How many batches are being worked on.
  var runningBatchCount: Int { batches.runningCount }

  /// Whether it has anything to do with a batch.
  func knows(_ number: BatchNumber) -> Bool { known[number] != nil }

  /// Takes what has happened at `moment`, and says what to begin.
  mutating func handle(_ event: Event, at moment: InboxWatch.Moment) -> [Action] {
    switch event {
    case .inbox(let jobs): inboxes(jobs)
    case .taken(let job): insert(job)
    case .fileEnded(let job, let again):
      files.ended(job)
      var retry = retriedFiles.removeValue(forKey: job) ?? Retry()
      if let again {
        retry.later(than: moment.uptime)
        retriedFiles[again] = retry
      }
    case .journal(let jobs): journal(jobs)
    case .batch(let job):
      known[job.number] = Known(job: job, isOrdered: true, retry: known[job.number]?.retry ?? Retry())
    case .batchEnded(let number, let ending): ended(number, ending, moment)
    case .time: break
    case .stop: isStopped = true
    }
    return isStopped ? [] : begin(at: moment)
  }

  private mutating func insert(_ job: FileJob) {
    files.insert(job, of: job.partner, isLarge: job.byteCount > limits.largeFileBytes)
  }

  private mutating func inboxes(_ jobs: [FileJob]) {
    let named = Set(jobs)
    files.keep(named.union(takenAndWaiting))
    for job in jobs where retriedFiles[job] == nil { insert(job) }
    retriedFiles = retriedFiles.filter { job, _ in
      if case .inbox = job.place { named.contains(job) } else { true }
    }
  }

  private var takenAndWaiting: Set<FileJob> {
    files.waitingIDs { if case .work = $0.place { true } else { false } }
  }

  private mutating func journal(_ jobs: [BatchJob]) {
    for job in jobs {
      var entry = known[job.number] ?? Known(job: job, isOrdered: false)
      // An operator has let it go on: whatever it waited for besides is looked at anew.
      if entry.job.isHeld, !job.isHeld { entry.retry = Retry() }
      entry.job = job
      known[job.number] = entry
    }
    let named = Set(jobs.map(\.number))
    for (number, entry) in known where !named.contains(number) && !entry.isOrdered && !batches.isRunning(number) {
      batches.remove(number, of: entry.job.partner)
      known[number] = nil
    }
  }

  private mutating func ended(_ number: BatchNumber, _ ending: BatchEnding, _ moment: InboxWatch.Moment) {
    batches.ended(number)
    switch ending {
    case .finished: known[number] = nil
    case .unfinished: known[number]?.retry.later(than: moment.uptime)
    case .busy: known[number]?.retry.at = moment.uptime + Retry.busy
    // The next word of the journal says for how long.
    case .waits: known[number]?.retry.at = moment.uptime + Retry.busy
    }
  }

  private mutating func begin(at moment: InboxWatch.Moment) -> [Action] {
    for (job, retry) in retriedFiles {
      guard let at = retry.at, at <= moment.uptime, !files.isRunning(job) else { continue }
      insert(job)
    }
    // In the order in which they were admitted.
    for (number, entry) in known.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if isDue(entry, at: moment) {
        batches.insert(number, of: entry.job.partner, isLarge: entry.job.lineCount > limits.largeBatchLines)
      } else {
        batches.remove(number, of: entry.job.partner)
      }
    }
    var actions: [Action] = []
    while let job = files.next() { actions.append(.receive(job)) }
    while let number = batches.next() { actions.append(.work(number)) }
    return actions
  }

  private func isDue(_ entry: Known, at moment: InboxWatch.Moment) -> Bool {
    let job = entry.job
    if let at = entry.retry.at, at > moment.uptime { return false }
    // Past its end it is answered, whatever it waits for.
    if let end = job.expiresAt, end <= moment.wall { return true }
    if job.isHeld { return false }
    return job.executeAt.map { $0 <= moment.wall } ?? true
  }
}
