/// A value of a result document with its place in it, read into the types of the room.
struct ResultFields {
  let value: JSONValue
  let pointer: String

  func string(_ name: String) throws(ResultReaderError) -> String {
    guard let text = try optionalString(name) else { throw fault(name, "is missing") }
    return text
  }

  func optionalString(_ name: String) throws(ResultReaderError) -> String? {
    guard let member = value[name] else { return nil }
    guard let text = member.text else { throw fault(name, "must be a string, not \(member.kindName)") }
    return text
  }

  func integer(_ name: String) throws(ResultReaderError) -> Int {
    guard let number = try optionalInteger(name) else { throw fault(name, "is missing") }
    return number
  }

  func optionalInteger(_ name: String) throws(ResultReaderError) -> Int? {
    guard let member = value[name] else { return nil }
    guard case .number(let digits) = member, let number = Int(digits) else {
      throw fault(name, "must be a whole number")
    }
    return number
  }

  func instant(_ name: String) throws(ResultReaderError) -> Timestamp {
    guard let instant = try optionalInstant(name) else { throw fault(name, "is missing") }
    return instant
  }

  func optionalInstant(_ name: String) throws(ResultReaderError) -> Timestamp? {
    guard let text = try optionalString(name) else { return nil }
    guard let instant = Timestamp(rfc3339: text) else { throw fault(name, "must be a date and time of RFC 3339") }
    return instant
  }

  func elements(_ name: String) throws(ResultReaderError) -> [ResultFields]? {
    guard let member = value[name] else { return nil }
    guard let elements = member.elements else { throw fault(name, "must be an array, not \(member.kindName)") }
    return elements.enumerated().map { ResultFields(value: $1, pointer: "\(pointer)/\(name)/\($0)") }
  }

  func fields(_ name: String) -> ResultFields? {
    value[name].map { ResultFields(value: $0, pointer: pointer + JSONPointer.member(name)) }
  }

  private func fault(_ name: String, _ message: String) -> ResultReaderError {
    .schema(pointer: "\(pointer)/\(name)", message: "\(name) \(message)")
  }
}

extension ResultFields {
  func header() throws(ResultReaderError) -> ResultHeader {
    guard let status = ResultStatus(rawValue: try string("status")) else {
      throw fault("status", "must be COMPLETED, PARTIAL or REJECTED")
    }
    var header = ResultHeader(
      batchID: try optionalString("batchID"), sourceBBID: try string("sourceBBID"),
      processorID: try string("processorID"), revision: try integer("revision"), status: status,
      generatedAt: try instant("generatedAt"), summary: try fields("summary")?.summary() ?? ResultSummary())
    header.requestID = try optionalString("requestID")
    if let audit = fields("audit") {
      header.audit = AuditWitness(entry: Int64(try audit.integer("entry")), hash: try audit.string("hash"))
    }
    return header
  }

  func outcome() throws(ResultReaderError) -> Outcome {
    let name = try string("status")
    guard let status = [OutcomeStatus.successful, .failed, .pending].first(where: { $0.name == name }) else {
      throw fault("status", "must be SUCCESSFUL, FAILED or PENDING")
    }
    var outcome = Outcome(
      instructionID: try string("instructionID"), status: status, amount: try string("amount"),
      currency: try string("currency"))
    outcome.reference = try optionalString("reference")
    outcome.financialTransactionID = try optionalString("financialTransactionID")
    outcome.completedAt = try optionalInstant("completedAt")
    if let reason = fields("reason") {
      outcome.reason = Reason(ReasonCode(rawValue: try reason.string("code")), try reason.string("message"))
    }
    if value["voucherNumber"] != nil {
      outcome.voucher = IssuedVoucher(
        serialNumber: try string("serialNumber"), voucherNumber: try string("voucherNumber"),
        expiryDate: try instant("expiryDate"), groupCode: try string("groupCode"))
    }
    if let word = fields("settledByHand") {
      outcome.settledByHand = SettledByHand(
        note: try word.string("note"), receipt: try word.optionalString("receipt"), at: try word.instant("at"))
    }
    return outcome
  }

  func problem() throws(ResultReaderError) -> Problem {
    guard let code = RejectionCode(rawValue: try string("code")) else { throw fault("code", "is not known") }
    return Problem(
      code, pointer: try optionalString("pointer"), byteOffset: try optionalInteger("byteOffset"),
      try string("message"))
  }

  private func summary() throws(ResultReaderError) -> ResultSummary {
    var summary = ResultSummary()
    summary.succeeded = try integer("succeeded")
    summary.failed = try integer("failed")
    summary.pending = try integer("pending")
    summary.unknownMembers = try optionalInteger("unknownMembers") ?? 0
    guard try integer("count") == summary.count else { throw fault("count", "is not the sum of the others") }
    if let byHand = fields("settledByHand") { summary.settledByHand = try byHand.handSettlements() }
    guard let amounts = fields("amounts"), case .object(let members) = amounts.value else { return summary }
    for (code, _) in members {
      guard let currency = Currency(code: code), let sums = amounts.fields(code) else {
        throw amounts.fault(code, "is not a currency of ISO 4217")
      }
      summary.amounts[currency] = ResultSummary.Amounts(
        succeeded: try sums.minorUnits("succeeded", currency), failed: try sums.minorUnits("failed", currency),
        pending: try sums.minorUnits("pending", currency))
    }
    return summary
  }

  private func handSettlements() throws(ResultReaderError) -> ResultSummary.HandSettlements {
    var settlements = ResultSummary.HandSettlements()
    settlements.count = try integer("count")
    guard let amounts = fields("amounts"), case .object(let members) = amounts.value else { return settlements }
    for (code, _) in members {
      guard let currency = Currency(code: code) else { throw amounts.fault(code, "is not a currency of ISO 4217") }
      settlements.amounts[currency] = try amounts.minorUnits(code, currency)
    }
    return settlements
  }

  private func minorUnits(_ name: String, _ currency: Currency) throws(ResultReaderError) -> Int64 {
    guard case .value(let number) = ExactDecimal.read(try string(name)), let money = number.money(in: currency) else {
      throw fault(name, "must be a decimal of \(currency.code)")
    }
    return money.minorUnits
  }
}
