internal import Wallet

/// Brings calls that wait at the same time into one transaction, so that lanes share the cost of a commit.
actor GroupCommit {
  /// Commits the movements of several calls at once; the answers are call by call, in their order.
  typealias Commit = @Sendable ([[Movement]]) async -> [[SubmitOutcome]]

  private struct Call {
    let movements: [Movement]
    let continuation: CheckedContinuation<[SubmitOutcome], Never>
  }

  private let maximumSize: Int
  private let commit: Commit
  private let afterCommit: @Sendable () async -> Void
  private var waiting: [Call] = []
  private var isCommitting = false

  init(maximumSize: Int, commit: @escaping Commit, afterCommit: @escaping @Sendable () async -> Void) {
    precondition(maximumSize > 0, "a commit of nothing")
    self.maximumSize = maximumSize
    self.commit = commit
    self.afterCommit = afterCommit
  }

  /// Enters `movements` with whatever else waits; a call of more than the maximum is committed in parts.
  func submit(_ movements: [Movement]) async -> [SubmitOutcome] {
    guard movements.count > maximumSize else { return await enqueue(movements) }
    var outcomes: [SubmitOutcome] = []
    outcomes.reserveCapacity(movements.count)
    for start in stride(from: 0, to: movements.count, by: maximumSize) {
      let part = movements[start..<min(start + maximumSize, movements.count)]
      outcomes += await enqueue(Array(part))
    }
    return outcomes
  }

  private func enqueue(_ movements: [Movement]) async -> [SubmitOutcome] {
    guard !movements.isEmpty else { return [] }
    return await withCheckedContinuation { continuation in
      waiting.append(Call(movements: movements, continuation: continuation))
      guard !isCommitting else { return }
      isCommitting = true
      Task { await commitWaiting() }
    }
  }

  private func commitWaiting() async {
    while !waiting.isEmpty {
      var size = 0
      let calls = waiting.prefix { call in
        size += call.movements.count
        return size <= maximumSize
      }
      waiting.removeFirst(calls.count)
      let outcomes = await commit(calls.map(\.movements))
      precondition(outcomes.count == calls.count, "a commit answers each call")
      for (call, outcomes) in zip(calls, outcomes) {
        precondition(outcomes.count == call.movements.count, "a call answers each movement")
        call.continuation.resume(returning: outcomes)
      }
      await afterCommit()
    }
    isCommitting = false
  }
}
