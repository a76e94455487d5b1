internal import Batch
internal import GRDB
internal import Storage

/// Finds beneficiaries, on any connection.
struct BeneficiaryLookup {
  static let columns = "id, modality, provider, address, state"

  private let find: BulkStatement

  init(_ db: Database) throws { find = try db.bulk("SELECT \(Self.columns) FROM beneficiary WHERE id = ?") }

  /// The beneficiary of an ID; `nil` when there is none.
  func beneficiary(_ id: FunctionalID) throws -> Beneficiary? {
    find.bind(id.rawValue, at: 1)
    guard try find.step() else { return nil }
    defer { find.reset() }
    return try Self.beneficiary(of: find)
  }

  /// The beneficiary of the present row.
  static func beneficiary(of row: BulkStatement) throws -> Beneficiary {
    guard let modality = Modality(rawValue: row.text(1)), let state = BeneficiaryState(rawValue: row.int64(4)) else {
      throw StorageError.corrupt(path: "beneficiaries.sqlite", reason: "a modality or a state that there is not")
    }
    return Beneficiary(
      stored: FunctionalID(rawValue: row.text(0)), modality: modality, provider: row.optionalText(2),
      address: row.optionalText(3), state: state)
  }
}

/// Writes beneficiaries, within one transaction.
struct BeneficiaryWriter {
  private let insert: BulkStatement
  private let update: BulkStatement

  init(_ db: Database) throws {
    insert = try db.bulk("INSERT INTO beneficiary (modality, provider, address, state, id) VALUES (?, ?, ?, ?, ?)")
    update = try db.bulk("UPDATE beneficiary SET modality = ?, provider = ?, address = ?, state = ? WHERE id = ?")
  }

  /// Adds a beneficiary that is not there.
  func add(_ beneficiary: Beneficiary) throws { try run(insert, beneficiary) }

  /// Puts a beneficiary in the place of the one with its ID.
  func replace(with beneficiary: Beneficiary) throws { try run(update, beneficiary) }

  private func run(_ statement: BulkStatement, _ beneficiary: Beneficiary) throws {
    statement.bind(beneficiary.modality.rawValue, at: 1)
    statement.bind(beneficiary.provider, at: 2)
    statement.bind(beneficiary.address, at: 3)
    statement.bind(beneficiary.state.rawValue, at: 4)
    statement.bind(beneficiary.id.rawValue, at: 5)
    try statement.run()
  }
}
