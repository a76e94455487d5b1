import Batch
import Cryptography
import Journal

/// The text that an operator signs: an order with all that it is about, so that it is good for nothing else.
struct OrderStatement {
  let order: BatchOrder
  let batch: BatchRecord
  let summary: BatchSummary
  /// The lines that the order names.
  let lines: [JournalLine]
  let `operator`: String

  /// The statement: JSON, so that no text in it can be taken for another member.
  var text: [UInt8] {
    let scope = scope
    let sums = scope.amounts.sorted { $0.key < $1.key }.map { currency, amount in
      (currency.code, JSONValue.string(Money(minorUnits: amount, currency: currency).decimal))
    }
    var receipt: String?
    if case .settle(_, _, let number) = order { receipt = number }
    return JSONValue.object(compacting: [
      ("statement", .string("disburse order 1")), ("verb", .string(order.verb)),
      ("operator", .string(`operator`)), ("processor", .string(batch.processor)),
      ("partner", .string(batch.partner)), ("batchID", .string(batch.header.batchID)),
      ("contentSHA256", .string(Hexadecimal.string(batch.contentDigest))),
      ("round", .integer(Int64(batch.round))), ("hold", hold),
      ("instructions", order.instructions.isEmpty ? nil : .array(order.instructions.map(JSONValue.string))),
      ("count", .integer(Int64(scope.count))), ("sums", .object(sums)),
      ("note", .optional(order.note)), ("receipt", .optional(receipt)),
    ]).serialized(pretty: true) + [UInt8(ascii: "\n")]
  }

  /// What is paid by the order, or said to be paid.
  private var scope: BatchSummary.Tally {
    switch order {
    case .hold, .approve, .resume, .cancel: return summary.pending
    case .retry(let instructions, _) where instructions.isEmpty: return summary.failed
    case .retry, .settle:
      var tally = BatchSummary.Tally()
      for line in lines {
        tally.count += 1
        // A batch's sum in a currency was checked to fit when it was admitted.
        if let amount = line.instruction.amount { tally.amounts[amount.currency, default: 0] += amount.minorUnits }
      }
      return tally
    }
  }

  /// How the batch stands, so that a word for one stop is not good for the next.
  private var hold: JSONValue? {
    batch.life.hold.map { hold in
      .object(compacting: [
        ("cause", .string(hold.name)), ("note", .optional(batch.holdNote)),
        ("succeeded", .integer(Int64(summary.succeeded.count))), ("failed", .integer(Int64(summary.failed.count))),
      ])
    }
  }
}
