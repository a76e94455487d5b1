import Dispatch
import Journal

/// Runs an actor's jobs on one serial Dispatch queue.
final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}

/// One of the parallel ways to the wallet. All payments of one payee go through the same lane, and a lane works on one
/// portion at a time, so no payee is paid twice at the same instant.
///
/// The lanes are shared by all batches that are worked on, and batches take turns: a small one waits for one portion of
/// each other batch, not for all that a large one has in line.
actor Lane {
  typealias Turn = CheckedContinuation<Void, Never>

  nonisolated private let executor: QueueExecutor
  private(set) var isBusy = false
  private(set) var waiting: [BatchNumber: [Turn]] = [:]
  /// The batches that have portions waiting, the next one first.
  private var turns: [BatchNumber] = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(number: Int) { executor = QueueExecutor(label: "disburse.lane.\(number)") }

  /// Runs `portion` of `batch` when it is its turn: an actor alone would let a second portion in while the first waits
  /// for its wallet.
  func run<Answer: Sendable>(
    of batch: BatchNumber, _ portion: @Sendable (isolated Lane) async -> Result<Answer, any Error>
  ) async -> Result<Answer, any Error> {
    if isBusy {
      await withCheckedContinuation { wait($0, for: batch) }
    } else {
      isBusy = true
    }
    defer {
      if let next = next() { next.resume() } else { isBusy = false }
    }
    return await portion(self)
  }

  private func wait(_ turn: Turn, for batch: BatchNumber) {
    if waiting[batch] == nil { turns.append(batch) }
    waiting[batch, default: []].append(turn)
  }

  private func next() -> Turn? {
    guard !turns.isEmpty else { return nil }
    let batch = turns.removeFirst()
    guard var line = waiting.removeValue(forKey: batch), !line.isEmpty else { return nil }
    let next = line.removeFirst()
    if !line.isEmpty {
      waiting[batch] = line
      turns.append(batch)
    }
    return next
  }
}
