import Batch
import Cryptography
import Journal

/// The text that an operator signs: an order with all that it is about, so that it is good for nothing else.
struct OrderStatement {
  let order: BatchOrder
  let batch: BatchRecord
  let summary: BatchSummary
  /// What is paid by the order, or said to be paid.
  let scope: BatchSummary.Tally
  /// The number of the audit entry that tells the batch's last stop, so that a word for one is not good for the next.
  let holdEntry: Int64?
  let `operator`: String

  /// The statement: JSON, so that no text in it can be taken for another member.
  var text: [UInt8] {
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

  /// How the batch stands.
  private var hold: JSONValue? {
    batch.life.hold.map { hold in
      .object(compacting: [
        ("cause", .string(hold.name)), ("note", .optional(batch.holdNote)),
        ("entry", holdEntry.map(JSONValue.integer)),
        ("succeeded", .integer(Int64(summary.succeeded.count))), ("failed", .integer(Int64(summary.failed.count))),
      ])
    }
  }
}

extension Station {
  /// The statement of an order on a batch as it stands.
  ///
  /// - Parameter lines: those that the order names.
  func statement(
    of order: BatchOrder, on batch: BatchRecord, _ summary: BatchSummary, _ lines: [JournalLine],
    operator name: String
  ) async throws -> OrderStatement {
    var scope = BatchSummary.Tally()
    switch order {
    case .hold, .approve, .resume, .cancel: scope = summary.pending
    case .retry(let instructions, _) where instructions.isEmpty: scope = try await retryable(of: batch)
    case .retry, .settle: scope.add(lines)
    }
    var query = AuditQuery()
    (query.batchID, query.partner, query.action) = (batch.header.batchID, batch.partner, .batchHeld)
    (query.isFromTheEnd, query.limit) = (true, 1)
    let holdEntry = batch.life.hold == nil ? nil : try await journal().auditEntries(matching: query).last?.number
    return OrderStatement(
      order: order, batch: batch, summary: summary, scope: scope, holdEntry: holdEntry, operator: name)
  }

  /// The lines that a wallet rejected; those that were refused at admission are not tried again.
  private func retryable(of batch: BatchRecord) async throws -> BatchSummary.Tally {
    let journal = try journal()
    var tally = BatchSummary.Tally()
    var query = LineQuery(batch: batch.number)
    (query.states, query.limit) = ([.rejected], 8_192)
    repeat {
      let page = try await journal.lines(matching: query)
      tally.add(page.lines.filter { $0.instruction.refusal == nil })
      query.after = page.next
    } while query.after != nil
    return tally
  }
}

extension BatchSummary.Tally {
  fileprivate mutating func add(_ lines: [JournalLine]) {
    for line in lines {
      count += 1
      // A batch's sum in a currency was checked to fit when it was admitted.
      if let amount = line.instruction.amount { amounts[amount.currency, default: 0] += amount.minorUnits }
    }
  }
}
