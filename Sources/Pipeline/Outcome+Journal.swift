public import Batch
public import Journal
import Wallet

extension Outcome {
  /// The result line of an instruction as it stands.
  public init(_ line: JournalLine) {
    let instruction = line.instruction
    let status: OutcomeStatus =
      switch line.state {
      case .settled: .successful
      case .rejected: .failed
      case .admitted, .claimed, .sent, .inDoubt: .pending
      }
    self.init(
      instructionID: instruction.instructionID, status: status,
      amount: instruction.amount?.decimal ?? instruction.stated?.amount ?? "",
      currency: instruction.amount?.currency.code ?? instruction.stated?.currency ?? "")
    reference = line.reference?.uuidString
    if let note = line.byHand, let settlement = line.settlement {
      // Whatever number there is, it is none of the wallet's.
      settledByHand = SettledByHand(
        note: note, receipt: settlement.financialTransactionID, at: settlement.completedAt)
    } else {
      financialTransactionID = line.settlement?.financialTransactionID
      completedAt = line.settlement?.completedAt
    }
    reason =
      switch status {
      case .successful: nil
      case .failed: line.reason
      case .pending: Reason(.walletTimeout, "the wallet's final answer is not known yet; a later revision tells")
      }
  }
}
