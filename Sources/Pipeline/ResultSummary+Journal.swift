public import Batch
public import Journal

extension ResultSummary {
  /// The counts and sums of a journal's batch.
  public init(_ summary: BatchSummary) {
    self.init()
    succeeded = summary.succeeded.count
    failed = summary.failed.count
    pending = summary.pending.count
    unknownMembers = summary.unknownMemberCount
    settledByHand.count = summary.byHand.count
    settledByHand.amounts = summary.byHand.amounts
    for (currency, amount) in summary.succeeded.amounts { amounts[currency, default: .init()].succeeded = amount }
    for (currency, amount) in summary.failed.amounts { amounts[currency, default: .init()].failed = amount }
    for (currency, amount) in summary.pending.amounts { amounts[currency, default: .init()].pending = amount }
  }
}
