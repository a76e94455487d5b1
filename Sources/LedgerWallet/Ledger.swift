internal import Batch
internal import GRDB
internal import Storage
internal import Synchronization
internal import Wallet

/// The ledger's file and the ways into it.
final class Ledger: Sendable {
  let store: SQLiteStore
  let settings: LedgerSettings
  private let clock: any WallClock

  /// Opens or creates the ledger at `path`.
  init(path: String, settings: LedgerSettings, clock: any WallClock) throws(WalletError) {
    var options = StoreOptions()
    options.writerCacheKiB = 16_384
    options.mustExist = settings.mustExist
    do {
      store = try SQLiteStore(path: path, schema: LedgerSchema.schema, options: options)
    } catch {
      throw LedgerFailure(error).error
    }
    self.settings = settings
    self.clock = clock
  }

  /// Enters the movements of several calls in one transaction.
  func post(_ calls: [[Movement]]) async -> [[SubmitOutcome]] {
    // Set when all that is left is the commit: whatever fails before it is rolled back for certain.
    let isComplete = Flag()
    do throws(StorageError) {
      let outcomes = try await store.write { [settings, now = clock.now()] db in
        var poster = try Poster(db, settings: settings, at: now)
        let outcomes = try calls.map { try poster.post($0) }
        try poster.finish()
        CrashPoint.reached(.ledgerPostBeforeCommit)
        isComplete.set()
        return outcomes
      }
      CrashPoint.reached(.ledgerPostCommitted)
      return outcomes
    } catch {
      let text = "\(LedgerFailure(error).error)"
      let outcome: SubmitOutcome = isComplete.isSet ? .inDoubt(text) : .notSent(text)
      return calls.map { Array(repeating: outcome, count: $0.count) }
    }
  }

  /// Posts the payees' balances if enough movements wait for it.
  func postSubledgerIfDue() async {
    // What fails here is tried again after the next commit; no movement depends on it.
    _ = try? await store.write { [settings] db in
      guard try SubledgerPosting.unpostedCount(db) >= settings.postingStep else { return }
      try SubledgerPosting.post(db)
      CrashPoint.reached(.ledgerSubledgerBeforeCommit)
    }
  }

  /// Runs `body` in a write transaction.
  func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(WalletError) -> T {
    do throws(LedgerFailure) {
      return try await store.write(throwing: LedgerFailure.self, body)
    } catch {
      throw error.error
    }
  }

  /// Runs `body` in a snapshot.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(WalletError) -> T {
    do throws(LedgerFailure) {
      return try await store.read(throwing: LedgerFailure.self, body)
    } catch {
      throw error.error
    }
  }
}

/// A wallet's error on the way out of the store.
struct LedgerFailure: StorageFailure {
  let error: WalletError

  init(_ error: WalletError) { self.error = error }

  init(_ error: StorageError) {
    switch error {
    case .diskFull, .notWritable, .busy, .io: self.error = .unavailable(wallet: "ledger", reason: "\(error)")
    case .newerSchema, .networkFileSystem, .corrupt, .foreign, .exists, .fault:
      self.error = .store(wallet: "ledger", reason: "\(error)")
    }
  }
}

/// A mark that is set once.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
