public import Batch
internal import GRDB
internal import Storage
internal import Wallet

/// The vouchers in their own file, `vouchers.sqlite`, with their numbers sealed.
public final class VoucherStore: Sendable {
  let store: SQLiteStore
  let index: NumberIndex
  let clock: any WallClock
  private let keys: VaultKeys
  private let makeSource: @Sendable () -> any VoucherNumberSource

  /// Makes the file at `path` with mode 0600, without vouchers and without the vault's keys, which the first opening
  /// makes.
  public static func create(at path: String) throws(VoucherError) {
    do throws(StorageError) {
      try SQLiteStore(path: path, schema: VoucherSchema.schema).close()
    } catch {
      throw .storage(error)
    }
  }

  /// Opens the vouchers at `path`, or creates the file with mode 0600 unless it must exist.
  ///
  /// Throws `wrongVaultKey` when they were sealed under another.
  public convenience init(
    path: String, vault: VoucherVault, clock: any WallClock, mustExist: Bool = false
  ) async throws(VoucherError) {
    try await self.init(
      path: path, vault: vault, clock: clock, mustExist: mustExist, mergeStep: 262_144,
      makeSource: { VoucherNumberGenerator() })
  }

  init(
    path: String, vault: VoucherVault, clock: any WallClock, mustExist: Bool = false, mergeStep: Int,
    makeSource: @escaping @Sendable () -> any VoucherNumberSource
  ) async throws(VoucherError) {
    var options = StoreOptions()
    options.writerCacheKiB = 16_384
    options.mustExist = mustExist
    do throws(StorageError) {
      store = try SQLiteStore(path: path, schema: VoucherSchema.schema, options: options)
    } catch {
      throw .storage(error)
    }
    index = NumberIndex(mergeStep: mergeStep)
    self.clock = clock
    self.makeSource = makeSource
    keys = try await store.write(throwing: VoucherError.self) { [now = clock.now()] db in
      try VaultKeys.load(from: db, vault: vault, at: now)
    }
  }

  // MARK: Groups

  /// Adds a group.
  public func addGroup(_ group: VoucherGroup) async throws(VoucherError) {
    try await store.write(throwing: VoucherError.self) { db in
      var groups = GroupBook(db)
      if try groups.find(group.code) != nil { throw VoucherError.groupExists(group.code) }
      let insert = try db.bulk(
        "INSERT INTO voucher_group (code, expires_after_days, description, capacity) VALUES (?, ?, ?, ?)")
      insert.bind(group.code, at: 1)
      insert.bind(group.expiresAfterDays, at: 2)
      insert.bind(group.description, at: 3)
      insert.bind(group.capacity.map(Int64.init), at: 4)
      try insert.run()
    }
  }

  /// All groups, in the order of their codes.
  public func groups() async throws(VoucherError) -> [VoucherGroup] {
    try await store.read(throwing: VoucherError.self) { db in try GroupBook.all(db) }
  }

  /// The group of a code.
  public func group(_ code: String) async throws(VoucherError) -> VoucherGroup {
    try await store.read(throwing: VoucherError.self) { db in
      var groups = GroupBook(db)
      guard let (_, group) = try groups.find(code) else { throw VoucherError.noSuchGroup(code) }
      return group
    }
  }

  // MARK: Stock and totals

  /// Makes `count` pre-activated vouchers: numbers without money, activated later by their serial numbers.
  public func preactivate(
    _ count: Int, in groupCode: String, worth amount: Money
  ) async throws(VoucherError) -> [SerialNumber] {
    guard amount.minorUnits > 0, count >= 0 else { throw .refused("a voucher is worth more than zero") }
    return try await write { [now = clock.now()] db, session, source, index in
      var drafting = try VoucherDrafting(
        db, drawing: count, from: source, session: session, index: index, at: now)
      let serialNumbers = try (0..<count).map { _ in try drafting.stock(groupCode, worth: amount) }
      try drafting.finish()
      return serialNumbers
    }
  }

  /// What the live vouchers of each partner are worth together: what the float must hold.
  public func liveTotals() async throws(VoucherError) -> [String: [Money]] {
    try await store.read(throwing: VoucherError.self) { db in
      let live = VoucherLifecycle.State.allCases.filter(\.isLive).map { "\($0.rawValue)" }.joined(separator: ", ")
      let find = try db.bulk(
        """
        SELECT partner, currency, sum(amount) FROM voucher WHERE state IN (\(live))
        GROUP BY partner, currency ORDER BY partner, currency
        """)
      var totals: [String: [Money]] = [:]
      while try find.step() {
        guard let currency = Currency(code: find.text(1)) else { continue }
        totals[find.text(0), default: []].append(Money(minorUnits: find.int64(2), currency: currency))
      }
      return totals
    }
  }

  // MARK: Transactions

  /// Runs `body` in one write transaction with the vault at work on its queue.
  func write<T: Sendable>(
    _ body:
      @escaping @Sendable (Database, VaultSession, any VoucherNumberSource, NumberIndex) throws -> T
  ) async throws(VoucherError) -> T {
    try await store.write(throwing: VoucherError.self) { [keys, makeSource, index] db in
      try body(db, VaultSession(keys), makeSource(), index)
    }
  }

  /// Runs `body` in one snapshot with the vault at work on its queue.
  func read<T: Sendable>(
    _ body: @escaping @Sendable (Database, VaultSession) throws -> T
  ) async throws(VoucherError) -> T {
    try await store.read(throwing: VoucherError.self) { [keys] db in try body(db, VaultSession(keys)) }
  }
}
