import Batch
import Journal

/// Which instructions may be tried again: those of which the wallet itself said that nothing moved.
enum RetryRules {
  /// Refuses a batch that is not answered yet, or that has ended.
  static func check(_ batch: BatchRecord, at now: Timestamp) throws(StationError) {
    let batchID = batch.header.batchID
    if batch.life.state == .admitted, batch.life.hold == nil {
      throw .refused("the batch \(batchID) is not answered yet: process it to its end, then retry what failed")
    }
    if batch.cancellation != nil, batch.life.state == .partial {
      // A retry lifts the cancellation, and so would let what is in doubt be sent again.
      throw .refused(
        "the batch \(batchID) is cancelled and some of it has no final answer: process it to its end, then retry")
    }
    if let expiresAt = batch.header.expiresAt, expiresAt <= now {
      throw .refused(
        """
        the batch \(batchID) has ended at \(expiresAt.rfc3339), nothing of it may be sent any more; the partner sends what \
        is still wanted in a later batch, under new instructionIDs
        """)
    }
  }

  /// Refuses a line that has not failed by a wallet's word.
  static func check(_ line: JournalLine) throws(StationError) {
    let instructionID = line.instruction.instructionID
    switch line.state {
    case .rejected:
      guard let refusal = line.instruction.refusal else { return }
      throw .refused(
        """
        the instruction \(instructionID) was refused before anything was sent (\(refusal.code.rawValue)), and would be \
        again; the partner corrects it and sends it in a later batch, under a new instructionID
        """)
    case .settled: throw .refused("the instruction \(instructionID) has succeeded, so it is not tried again")
    case .inDoubt, .sent:
      throw .refused(
        """
        the instruction \(instructionID) has no final answer: it may have been paid. Process the batch again to resolve it, \
        since that asks the wallet; or record with disburse batch settle that the payee was paid in another way
        """)
    case .admitted, .claimed:
      throw .refused("the instruction \(instructionID) has not failed: process the batch, it is still to be sent")
    }
  }

  /// There was nothing to be tried again.
  static func nothing(in batch: BatchRecord, _ summary: BatchSummary) -> StationError {
    .refused(
      """
      nothing of the batch \(batch.header.batchID) can be tried again: \(summary.succeeded.count) instructions succeeded, \
      \(summary.failed.count) were refused before anything was sent, \(summary.pending.count) have no final answer (process \
      it again to resolve them)
      """)
  }
}
