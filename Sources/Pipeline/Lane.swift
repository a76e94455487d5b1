import Dispatch

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
actor Lane {
  nonisolated private let executor: QueueExecutor
  private var isBusy = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(number: Int) { executor = QueueExecutor(label: "disburse.lane.\(number)") }

  /// Runs `portion` when those that came before it are done: an actor alone would let a second portion in while the
  /// first waits for its wallet.
  func run<Answer: Sendable>(
    _ portion: @Sendable (isolated Lane) async -> Result<Answer, any Error>
  ) async -> Result<Answer, any Error> {
    if isBusy {
      await withCheckedContinuation { waiting.append($0) }
    } else {
      isBusy = true
    }
    defer {
      if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
    return await portion(self)
  }
}
