extension ResultHeader {
  /// The header as the result document has it, without `results` and `errors`.
  public var json: JSONValue {
    .object(compacting: [
      ("requestID", .optional(requestID)),
      ("batchID", .optional(batchID)),
      ("sourceBBID", .string(sourceBBID)),
      ("processorID", .string(processorID)),
      ("revision", .integer(Int64(revision))),
      ("status", .string(status.rawValue)),
      ("generatedAt", .string(generatedAt.rfc3339)),
      (
        "audit",
        audit.map { .object([("entry", .integer($0.entry)), ("hash", .string($0.hash))]) }
      ),
      ("summary", summary.json),
    ])
  }
}

extension ResultSummary {
  /// The summary as the result document has it.
  public var json: JSONValue {
    let amounts = amounts.sorted { $0.key < $1.key }.map { currency, amounts in
      let digits = currency.minorUnitDigits
      return (
        currency.code,
        JSONValue.object([
          ("total", .string(Money.decimal(amounts.total, digits: digits))),
          ("succeeded", .string(Money.decimal(Int128(amounts.succeeded), digits: digits))),
          ("failed", .string(Money.decimal(Int128(amounts.failed), digits: digits))),
          ("pending", .string(Money.decimal(Int128(amounts.pending), digits: digits))),
        ])
      )
    }
    return .object(compacting: [
      ("count", .integer(Int64(count))), ("succeeded", .integer(Int64(succeeded))),
      ("failed", .integer(Int64(failed))), ("pending", .integer(Int64(pending))),
      ("unknownMembers", unknownMembers > 0 ? .integer(Int64(unknownMembers)) : nil), ("amounts", .object(amounts)),
      ("settledByHand", settledByHand.count > 0 ? settledByHand.json : nil),
    ])
  }
}

extension ResultSummary.HandSettlements {
  fileprivate var json: JSONValue {
    let amounts = amounts.sorted { $0.key < $1.key }.map { currency, amount in
      (currency.code, JSONValue.string(Money(minorUnits: amount, currency: currency).decimal))
    }
    return .object([("count", .integer(Int64(count))), ("amounts", .object(amounts))])
  }
}

extension Problem {
  /// The error as a rejected result, and the note beside a rejected file, have it.
  public var json: JSONValue {
    .object(compacting: [
      ("code", .string(code.rawValue)),
      ("iso", .string(code.iso)),
      ("pointer", .optional(pointer)),
      ("byteOffset", byteOffset.map { .integer(Int64($0)) }),
      ("message", .string(message)),
    ])
  }
}
