internal import GRDB
internal import Storage

/// The voucher groups within one transaction: read once, counted in memory, written once.
struct GroupBook {
  private struct Entry {
    let number: Int64
    var group: VoucherGroup
    var isChanged = false
  }

  private let db: Database
  private var entries: [Entry] = []
  private var indices: [String: Int] = [:]
  private var codes: [Int64: String] = [:]

  init(_ db: Database) { self.db = db }

  /// All groups, in the order of their codes.
  static func all(_ db: Database) throws -> [VoucherGroup] {
    let find = try db.bulk("SELECT \(columns) FROM voucher_group ORDER BY code")
    var groups: [VoucherGroup] = []
    while try find.step() { groups.append(try group(of: find)) }
    return groups
  }

  /// The group with its number; `nil` when there is none.
  mutating func find(_ code: String) throws -> (number: Int64, group: VoucherGroup)? {
    if let index = indices[code] { return (entries[index].number, entries[index].group) }
    let find = try db.bulk("SELECT \(Self.columns) FROM voucher_group WHERE code = ?")
    find.bind(code, at: 1)
    guard try find.step() else { return nil }
    defer { find.reset() }
    let entry = Entry(number: find.int64(0), group: try Self.group(of: find))
    indices[code] = entries.count
    codes[entry.number] = code
    entries.append(entry)
    return (entry.number, entry.group)
  }

  /// The code of the group of a row.
  mutating func code(of number: Int64) throws -> String {
    if let code = codes[number] { return code }
    let find = try db.bulk("SELECT code FROM voucher_group WHERE number = ?")
    find.bind(number, at: 1)
    guard try find.step() else { throw StorageError.fault(path: "vouchers", reason: "a voucher without its group") }
    defer { find.reset() }
    let code = find.text(0)
    codes[number] = code
    return code
  }

  /// Whether the group may have one more.
  func hasRoom(_ code: String) -> Bool {
    guard let index = indices[code] else { return false }
    return entries[index].group.issuedCount < entries[index].group.capacity ?? .max
  }

  /// Counts `change` vouchers more in the group, which was found before.
  mutating func count(_ change: Int, in code: String) {
    guard let index = indices[code] else { return }
    entries[index].group.issuedCount += change
    entries[index].isChanged = true
  }

  /// Writes the counts.
  func store() throws {
    let update = try db.bulk("UPDATE voucher_group SET issued_count = ? WHERE number = ?")
    for entry in entries where entry.isChanged {
      update.bind(entry.group.issuedCount, at: 1)
      update.bind(entry.number, at: 2)
      try update.run()
    }
  }

  private static let columns = "number, code, expires_after_days, description, capacity, issued_count"

  private static func group(of row: BulkStatement) throws(VoucherError) -> VoucherGroup {
    var group = try VoucherGroup(
      code: row.text(1), expiresAfterDays: row.int(2), description: row.optionalText(3),
      capacity: row.optionalInt64(4).map(Int.init))
    group.issuedCount = row.int(5)
    return group
  }
}
