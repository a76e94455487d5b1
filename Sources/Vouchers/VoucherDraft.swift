internal import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// How far an order has come once its voucher is written down.
enum VoucherDraft: Sendable {
  /// The voucher is there and waits for its money.
  case pending(sequence: Int64)
  /// The voucher was activated before, or has gone further.
  case known(activatedAt: Timestamp)
  /// There is nothing more to do.
  case final(SubmitOutcome)
}

/// Writes vouchers for orders down, within one write transaction: drawn and sealed, and worth nothing yet.
struct VoucherDrafting {
  private let db: Database
  private let now: Timestamp
  private let session: VaultSession
  private let index: NumberIndex
  private var codes: [Int64] = []
  private var numbers: NumberDraw
  private var reader: VoucherReader
  private var groups: GroupBook
  private var lastSequence: Int64
  private let insert: BulkStatement

  init(
    _ db: Database, drawing count: Int, from source: any VoucherNumberSource, session: VaultSession,
    index: NumberIndex, at now: Timestamp
  ) throws {
    self.db = db
    self.now = now
    self.session = session
    self.index = index
    numbers = try NumberDraw(count, from: source, session: session, index: index, in: db)
    reader = try VoucherReader(db)
    groups = GroupBook(db)
    lastSequence = try Int64.fetchOne(db, sql: "SELECT last_sequence FROM counter") ?? 0
    insert = try db.bulk(
      """
      INSERT INTO voucher (sequence, state, is_stock, group_number, currency, amount, key_version, code, sealed_number,
        activated_at, expires_at, reference, partner, payee_functional_id)
      VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) WHERE reference IS NOT NULL DO NOTHING
      """)
  }

  /// Writes the counts; the last step before the commit.
  func finish() throws {
    try groups.store()
    let update = try db.bulk("UPDATE counter SET last_sequence = ?")
    update.bind(lastSequence, at: 1)
    try update.run()
    index.wrote(codes)
  }

  /// Writes a voucher for `order` down, unless it is there. An order that is refused leaves nothing.
  mutating func draft(_ order: VoucherOrder) throws -> VoucherDraft {
    if let serialNumber = order.request.serialNumber { return try bind(serialNumber, to: order) }
    let group = try groups.find(order.request.groupCode)
    if let reason = refusal(of: order, group: group?.group) { return try known(order) ?? .final(.rejected(reason)) }
    guard let group, let sequence = try add(to: group, worth: order.amount, order: order) else {
      return try known(order) ?? .final(.inDoubt("the voucher of a known reference is not there"))
    }
    return .pending(sequence: sequence)
  }

  private func refusal(of order: VoucherOrder, group: VoucherGroup?) -> Reason? {
    guard let group else { return Reason(.voucherGroupUnknown, "there is no such voucher group") }
    guard order.amount.minorUnits > 0 else { return Reason(.invalidAmount, "the amount is not more than zero") }
    guard groups.hasRoom(group.code) else {
      return Reason(.voucherGroupExhausted, "the voucher group has no room for another voucher")
    }
    return nil
  }

  /// Writes a voucher for stock down: pre-activated, for whoever orders its serial number.
  mutating func stock(_ code: String, worth amount: Money) throws -> SerialNumber {
    guard let group = try groups.find(code) else { throw VoucherError.noSuchGroup(code) }
    guard groups.hasRoom(code) else { throw VoucherError.refused("the voucher group \(code) has no room left") }
    guard let sequence = try add(to: group, worth: amount, order: nil),
      let serialNumber = SerialNumber(sequence: sequence)
    else { throw VoucherError.refused("there are no serial numbers left") }
    return serialNumber
  }

  /// The new row's sequence; `nil` when the order's reference has a row.
  private mutating func add(
    to group: (number: Int64, group: VoucherGroup), worth amount: Money, order: VoucherOrder?
  ) throws -> Int64? {
    guard let (number, code) = numbers.next, SerialNumber(sequence: lastSequence + 1) != nil else {
      throw VoucherError.refused("there are no serial numbers left")
    }
    let sequence = lastSequence + 1
    let terms = VoucherTerms(sequence: sequence, groupCode: group.group.code, amount: amount)
    insert.bind(sequence, at: 1)
    insert.bind(order == nil ? 1 : 0, at: 2)
    insert.bind(group.number, at: 3)
    insert.bind(amount.currency.code, at: 4)
    insert.bind(amount.minorUnits, at: 5)
    insert.bind(session.keyVersion, at: 6)
    insert.bind(code, at: 7)
    insert.bind(try session.seal(number, for: terms), at: 8)
    insert.bind(now.millisecondsSinceEpoch, at: 9)
    insert.bind(now.millisecondsSinceEpoch, at: 10)
    if let reference = order?.reference {
      insert.bind(high: reference.high, low: reference.low, at: 11)
    } else {
      insert.bindNull(at: 11)
    }
    insert.bind(order?.partner, at: 12)
    insert.bind(order?.request.payeeFunctionalID, at: 13)
    try insert.run()
    guard insert.changes == 1 else { return nil }
    numbers.use()
    codes.append(code)
    lastSequence = sequence
    groups.count(1, in: group.group.code)
    return sequence
  }

  /// Takes the pre-activated voucher with the serial number for the order.
  private mutating func bind(_ serialNumber: String, to order: VoucherOrder) throws -> VoucherDraft {
    if let draft = try known(order) { return draft }
    guard try groups.find(order.request.groupCode) != nil else {
      return .final(.rejected(Reason(.voucherGroupUnknown, "there is no such voucher group")))
    }
    guard let serialNumber = SerialNumber(serialNumber), let row = try reader.row(serialNumber.sequence) else {
      return .final(.rejected(Reason(.voucherNotFound, "no voucher has the serial number")))
    }
    var life = row.life
    guard life.handle(.activate) == .reserve, row.isStock, row.reference == nil else {
      return .final(.rejected(Reason(.voucherState, "the voucher is not waiting for its activation")))
    }
    guard row.groupCode == order.request.groupCode, row.amount == order.amount else {
      return .final(.rejected(Reason(.voucherState, "the voucher has another group, amount or currency")))
    }
    let update = try db.bulk(
      "UPDATE voucher SET reference = ?, partner = ?, payee_functional_id = ? WHERE sequence = ?")
    update.bind(high: order.reference.high, low: order.reference.low, at: 1)
    update.bind(order.partner, at: 2)
    update.bind(order.request.payeeFunctionalID, at: 3)
    update.bind(row.sequence, at: 4)
    try update.run()
    return .pending(sequence: row.sequence)
  }

  /// How far the order's reference has come; `nil` when it is new.
  private mutating func known(_ order: VoucherOrder) throws -> VoucherDraft? {
    guard let row = try reader.row(of: order.reference) else { return nil }
    guard row.agrees(with: order) else {
      return .final(.inDoubt("the reference names another voucher: compare the two orders"))
    }
    return row.life.state == .preActivated ? .pending(sequence: row.sequence) : .known(activatedAt: row.activatedAt)
  }
}
