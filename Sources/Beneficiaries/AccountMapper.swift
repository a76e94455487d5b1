public import Batch
internal import Storage

/// The beneficiaries in their own file, `beneficiaries.sqlite`: which account a functional ID stands for.
public final class AccountMapper: Sendable {
  let store: SQLiteStore

  /// Makes the file at `path` with mode 0600, without beneficiaries.
  public static func create(at path: String) throws(BeneficiariesError) {
    do throws(StorageError) {
      try SQLiteStore(path: path, schema: BeneficiarySchema.schema).close()
    } catch {
      throw .storage(error)
    }
  }

  /// Opens the beneficiaries at `path`, or creates the file with mode 0600 unless it must exist.
  public init(path: String, mustExist: Bool = false) throws(BeneficiariesError) {
    var options = StoreOptions()
    options.mustExist = mustExist
    do throws(StorageError) {
      store = try SQLiteStore(path: path, schema: BeneficiarySchema.schema, options: options)
    } catch {
      throw .storage(error)
    }
  }

  /// Adds a beneficiary.
  ///
  /// - Throws: `exists` when its ID is mapped.
  public func add(_ beneficiary: Beneficiary) async throws(BeneficiariesError) {
    try await store.write(throwing: BeneficiariesError.self) { db in
      guard try BeneficiaryLookup(db).beneficiary(beneficiary.id) == nil else {
        throw BeneficiariesError.exists(beneficiary.id)
      }
      try BeneficiaryWriter(db).add(beneficiary)
    }
  }

  /// Changes what `change` names of a beneficiary and leaves the rest; answers it as it is then.
  ///
  /// - Throws: `unknown` when the ID is not mapped, `invalid` when the whole would break a rule.
  @discardableResult
  public func update(
    _ id: FunctionalID, _ change: BeneficiaryChange
  ) async throws(BeneficiariesError) -> Beneficiary {
    try await store.write(throwing: BeneficiariesError.self) { db in
      guard let present = try BeneficiaryLookup(db).beneficiary(id) else { throw BeneficiariesError.unknown(id) }
      let changed: Beneficiary
      do throws(BeneficiaryFault) { changed = try change.applied(to: present) } catch {
        throw BeneficiariesError.invalid(error)
      }
      try BeneficiaryWriter(db).replace(with: changed)
      return changed
    }
  }

  /// The beneficiary of an ID.
  ///
  /// - Throws: `unknown` when the ID is not mapped.
  public func beneficiary(_ id: FunctionalID) async throws(BeneficiariesError) -> Beneficiary {
    try await store.read(throwing: BeneficiariesError.self) { db in
      guard let beneficiary = try BeneficiaryLookup(db).beneficiary(id) else { throw BeneficiariesError.unknown(id) }
      return beneficiary
    }
  }

  /// The beneficiaries of many IDs, from one snapshot; an ID that is not mapped has none.
  public func beneficiaries(
    forIDs ids: [FunctionalID]
  ) async throws(BeneficiariesError) -> [FunctionalID: Beneficiary] {
    try await store.read(throwing: BeneficiariesError.self) { db in
      let lookup = try BeneficiaryLookup(db)
      var found: [FunctionalID: Beneficiary] = [:]
      found.reserveCapacity(ids.count)
      // In the order of the keys, so that neighbours are read from one page.
      for id in ids.sorted() { found[id] = try lookup.beneficiary(id) }
      return found
    }
  }

  /// A page of beneficiaries, in the order of their IDs.
  public func beneficiaries(matching query: BeneficiaryQuery) async throws(BeneficiariesError) -> [Beneficiary] {
    try await store.read(throwing: BeneficiariesError.self) { db in
      var conditions = ["id > ?"]
      var values: [SQLValue] = [.text(query.after?.rawValue ?? "")]
      if let modality = query.modality {
        conditions.append("modality = ?")
        values.append(.text(modality.rawValue))
      }
      if let provider = query.provider {
        conditions.append("provider = ?")
        values.append(.text(provider))
      }
      let find = try db.bulk(
        """
        SELECT \(BeneficiaryLookup.columns) FROM beneficiary WHERE \(conditions.joined(separator: " AND "))
        ORDER BY id LIMIT ?
        """)
      find.bind(values + [.integer(Int64(query.limit))])
      var page: [Beneficiary] = []
      while try find.step() { page.append(try BeneficiaryLookup.beneficiary(of: find)) }
      return page
    }
  }
}
