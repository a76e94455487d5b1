internal import Batch
internal import GRDB
internal import Storage

/// Instructions to rows and back, without anything allocated for a row but the strings themselves.
struct InstructionRow {
  /// The columns, in the order in which `read` expects them.
  static let columns = """
    i.id, i.amount, i.currency, i.instruction_id, i.order_kind, i.payee, i.narration, i.group_code, i.serial_number, \
    i.stated_amount, i.stated_currency
    """
  /// How many columns that are.
  static let columnCount: Int32 = 11

  // Payee kinds are 1 to 6; these follow the other orders.
  static let functional: Int64 = 16
  private static let voucher: Int64 = 17

  private var currency: Currency?
  private var code = ""

  /// The code of `currency`, worked out once for lines of the same.
  mutating func code(of currency: Currency) -> String {
    if self.currency != currency {
      self.currency = currency
      code = currency.code
    }
    return code
  }

  static let insert = """
    INSERT INTO instruction (id, amount, currency, partner, instruction_id, order_kind, payee, narration, group_code,
      serial_number, stated_amount, stated_currency)
    VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
    """

  /// Binds an instruction to `insert`.
  mutating func bind(_ instruction: Instruction, key: Int64, partner: Int64?, to row: BulkStatement) {
    row.bind(key, at: 1)
    row.bind(instruction.amount?.minorUnits, at: 2)
    row.bind(instruction.amount.map { code(of: $0.currency) }, at: 3)
    row.bind(partner, at: 4)
    row.bind(instruction.instructionID, at: 5)
    switch instruction.order {
    case .credit(let payee): bind(Int64(payee.kind.rawValue), payee.id, nil, nil, to: row)
    case .creditFunctional(let id): bind(Self.functional, id, nil, nil, to: row)
    case .voucher(let request):
      bind(Self.voucher, request.payeeFunctionalID, request.groupCode, request.serialNumber, to: row)
    }
    row.bind(instruction.narration, at: 8)
    row.bind(instruction.stated?.amount, at: 11)
    row.bind(instruction.stated?.currency, at: 12)
  }

  private func bind(_ kind: Int64, _ payee: String?, _ group: String?, _ serial: String?, to row: BulkStatement) {
    row.bind(kind, at: 6)
    row.bind(payee, at: 7)
    row.bind(group, at: 9)
    row.bind(serial, at: 10)
  }

  /// The instruction of the present row.
  mutating func read(_ row: BulkStatement, refusal: Reason? = nil) throws -> Instruction {
    Instruction(
      position: JournalSchema.position(ofKey: row.int64(0)), instructionID: row.text(3), order: try order(row),
      amount: try amount(row),
      stated: row.isNull(9) ? nil : StatedAmount(amount: row.text(9), currency: row.text(10)),
      narration: row.optionalText(6), refusal: refusal)
  }

  private mutating func amount(_ row: BulkStatement) throws -> Money? {
    guard !row.isNull(1) else { return nil }
    let code = row.text(2)
    if code != self.code || currency == nil {
      guard let currency = Currency(code: code) else {
        throw JournalError.impossible("the journal has an amount in a currency that is none: \(code)")
      }
      self.currency = currency
      self.code = code
    }
    return currency.map { Money(minorUnits: row.int64(1), currency: $0) }
  }

  private func order(_ row: BulkStatement) throws -> Instruction.Order {
    switch row.int64(4) {
    case Self.functional: return .creditFunctional(id: row.text(5))
    case Self.voucher:
      return .voucher(
        VoucherRequest(
          groupCode: row.text(7), payeeFunctionalID: row.optionalText(5), serialNumber: row.optionalText(8)))
    case let kind:
      guard let raw = UInt8(exactly: kind), let kind = Payee.Kind(rawValue: raw) else {
        throw JournalError.impossible("the journal has an order of an unknown kind: \(kind)")
      }
      return .credit(Payee(kind: kind, id: row.text(5)))
    }
  }
}
