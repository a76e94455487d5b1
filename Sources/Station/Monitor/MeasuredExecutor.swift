public import Batch
public import Pipeline
public import Wallet

/// Another executor, each of whose chunks is measured as the stage `claim`.
public struct MeasuredExecutor: Executor {
  private let executor: any Executor
  private let metrics: StationMetrics
  private let clock = ContinuousClock()

  /// Measures `executor`.
  public init(_ executor: any Executor, _ metrics: StationMetrics) {
    self.executor = executor
    self.metrics = metrics
  }

  /// The kind of batch it carries out.
  public var kind: BatchKind { executor.kind }

  /// Finds the accounts behind functional IDs.
  public func resolve(_ functionalIDs: [FunctionalID]) async -> PayeeResolution {
    await executor.resolve(functionalIDs)
  }

  /// The lane of an instruction.
  public func laneKey(of instruction: Instruction, _ payees: PayeeResolution) -> Int {
    executor.laneKey(of: instruction, payees)
  }

  /// Moves the money, and measures how long it took.
  public func execute(_ orders: [ExecutionOrder], _ payees: PayeeResolution) async -> [ExecutionAnswer] {
    let start = clock.now
    defer { metrics.took(start.duration(to: clock.now), at: .claim) }
    return await executor.execute(orders, payees)
  }

  /// Asks what became of orders.
  public func enquire(_ orders: [ExecutionOrder]) async -> [StatusOutcome] { await executor.enquire(orders) }

  /// Fills in what a result line tells.
  public func complete(_ outcomes: inout [Outcome], of references: [TransferReference?]) async throws {
    try await executor.complete(&outcomes, of: references)
  }
}
