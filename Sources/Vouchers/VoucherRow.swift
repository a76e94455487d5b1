internal import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// A voucher as its row has it; the number stays sealed.
struct VoucherRow: Sendable {
  let sequence: Int64
  let life: VoucherLifecycle
  let isStock: Bool
  let groupCode: String
  let amount: Money
  let keyVersion: Int64
  let code: Int64
  let sealedNumber: [UInt8]
  let activatedAt: Timestamp
  let expiresAt: Timestamp
  let reference: TransferReference?
  let partner: String?
  let payeeFunctionalID: String?

  /// What the sealed number is bound to.
  var terms: VoucherTerms { VoucherTerms(sequence: sequence, groupCode: groupCode, amount: amount) }

  /// Whether the row is what the order asks for.
  func agrees(with order: VoucherOrder) -> Bool {
    let serialNumber = order.request.serialNumber
    return partner == order.partner && groupCode == order.request.groupCode && amount == order.amount
      && payeeFunctionalID == order.request.payeeFunctionalID
      && (serialNumber == nil || serialNumber == SerialNumber(sequence: sequence)?.digits)
  }
}

/// Reads rows within one transaction.
struct VoucherReader {
  private let byReference: BulkStatement
  private let bySequence: BulkStatement
  private var groups: GroupBook

  init(_ db: Database) throws {
    let columns = """
      sequence, state, is_stock, group_number, currency, amount, key_version, code, sealed_number, activated_at,
      expires_at, reference, partner, payee_functional_id
      """
    byReference = try db.bulk("SELECT \(columns) FROM voucher WHERE reference = ?")
    bySequence = try db.bulk("SELECT \(columns) FROM voucher WHERE sequence = ?")
    groups = GroupBook(db)
  }

  /// The voucher that was ordered under `reference`.
  mutating func row(of reference: TransferReference) throws -> VoucherRow? {
    byReference.bind(high: reference.high, low: reference.low, at: 1)
    return try row(byReference)
  }

  /// The voucher with the sequence.
  mutating func row(_ sequence: Int64) throws -> VoucherRow? {
    bySequence.bind(sequence, at: 1)
    return try row(bySequence)
  }

  private mutating func row(_ find: BulkStatement) throws -> VoucherRow? {
    guard try find.step() else { return nil }
    defer { find.reset() }
    guard let state = VoucherLifecycle.State(rawValue: UInt8(clamping: find.int64(1))),
      let currency = Currency(code: find.text(4))
    else { throw StorageError.corrupt(path: "vouchers", reason: "a voucher in an unknown state or currency") }
    return VoucherRow(
      sequence: find.int64(0), life: VoucherLifecycle(state: state), isStock: find.int64(2) == 1,
      groupCode: try groups.code(of: find.int64(3)), amount: Money(minorUnits: find.int64(5), currency: currency),
      keyVersion: find.int64(6), code: find.int64(7), sealedNumber: find.blob(8),
      activatedAt: Timestamp(millisecondsSinceEpoch: find.int64(9)),
      expiresAt: Timestamp(millisecondsSinceEpoch: find.int64(10)),
      reference: find.words(11).map { TransferReference(high: $0.high, low: $0.low) },
      partner: find.optionalText(12), payeeFunctionalID: find.optionalText(13))
  }
}
