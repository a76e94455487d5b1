import Batch
import Journal
import Pipeline
import Wallet

extension InstructionLifecycle.State {
  /// The word on the command line.
  var name: String {
    switch self {
    case .admitted: "admitted"
    case .claimed: "claimed"
    case .sent: "sent"
    case .inDoubt: "in-doubt"
    case .settled: "settled"
    case .rejected: "rejected"
    }
  }
}

extension JournalLine {
  /// The amount as it is shown: an amount that is none as the document spells it.
  var amount: String { instruction.amount?.decimal ?? instruction.stated?.amount ?? "" }
  /// Its currency.
  var currency: String { instruction.amount?.currency.code ?? instruction.stated?.currency ?? "" }
  /// Why, for a table.
  var reasonText: String { reason.map { "\($0.code.rawValue): \($0.message)" } ?? "" }

  /// The payee for a table: the last two characters, unless all was asked for.
  func payee(isRevealed: Bool) -> String {
    switch instruction.order {
    case .credit(let payee): isRevealed ? "\(payee.kind.name) \(payee.id)" : payee.description
    case .creditFunctional(let id): Self.beneficiary(id, isRevealed)
    case .voucher(let request): request.payeeFunctionalID.map { Self.beneficiary($0, isRevealed) } ?? ""
    }
  }

  /// The instruction as a page shows it. A voucher's number is in the sealed result only, a payee only where it was
  /// asked for.
  func json(isRevealed: Bool, of batch: BatchRecord? = nil) -> JSONValue {
    .object(
      compacting: [
        ("partner", .optional(batch?.partner)), ("batchID", .optional(batch?.header.batchID)),
        ("programID", .optional(batch?.header.programID)),
        ("position", .integer(Int64(instruction.position))), ("instructionID", .string(instruction.instructionID)),
      ] + (isRevealed ? payeeMembers : []) + [
        ("amount", .optional(instruction.amount?.decimal ?? instruction.stated?.amount)),
        ("currency", .optional(instruction.amount?.currency.code ?? instruction.stated?.currency)),
        ("state", .string(state.name)), ("status", .string(Outcome(self).status.name)),
        ("attempt", .integer(Int64(attempt))), ("reference", .optional(reference?.uuidString)),
        (
          "settledByHand",
          byHand.map {
            .object(compacting: [("note", .string($0)), ("receipt", .optional(settlement?.financialTransactionID))])
          }
        ),
        ("completedAt", .optional(settlement?.completedAt.rfc3339)), ("endedAt", .optional(endedAt?.rfc3339)),
        ("reason", reason.map(Self.json)),
      ])
  }

  private static func beneficiary(_ id: String, _ isRevealed: Bool) -> String { isRevealed ? id : "…\(id.suffix(2))" }

  private var payeeMembers: [(String, JSONValue?)] {
    switch instruction.order {
    case .credit(let payee):
      [("payee", .object([("type", .string(payee.kind.name)), ("id", .string(payee.id))]))]
    case .creditFunctional(let id): [("payeeFunctionalID", .string(id))]
    case .voucher(let request): [("payeeFunctionalID", .optional(request.payeeFunctionalID))]
    }
  }

  private static func json(_ reason: Reason) -> JSONValue {
    .object([
      ("code", .string(reason.code.rawValue)), ("iso", .string(reason.code.iso)), ("message", .string(reason.message)),
    ])
  }
}
