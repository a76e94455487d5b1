internal import Batch
internal import Cryptography
internal import GRDB
internal import Storage

/// The unwrapped keys of a store, by version. Every version has its own data key; the index key is one for all.
struct VaultKeys: Sendable {
  /// The version that seals.
  let version: Int64
  let dataKeys: [Int64: SymmetricKey]
  let indexKey: SymmetricKey

  /// Reads the store's keys, or makes the first ones.
  static func load(from db: Database, vault: VoucherVault, at now: Timestamp) throws -> VaultKeys {
    if let keys = try read(from: db, vault: vault) { return keys }
    do {
      let dataKey = try SymmetricKey.generate()
      let indexKey = try SymmetricKey.generate()
      let insert = try db.bulk("INSERT INTO vault_key VALUES (1, ?, ?, ?)")
      insert.bind(try vault.wrap(dataKey), at: 1)
      insert.bind(try vault.wrap(indexKey), at: 2)
      insert.bind(now.millisecondsSinceEpoch, at: 3)
      try insert.run()
      return VaultKeys(version: 1, dataKeys: [1: dataKey], indexKey: indexKey)
    } catch let error as CryptoError {
      throw VoucherError(error)
    }
  }

  private static func read(from db: Database, vault: VoucherVault) throws -> VaultKeys? {
    var dataKeys: [Int64: SymmetricKey] = [:]
    var last: (version: Int64, indexKey: SymmetricKey)?
    let find = try db.bulk("SELECT version, data_key, index_key FROM vault_key ORDER BY version")
    while try find.step() {
      dataKeys[find.int64(0)] = try vault.unwrap(find.blob(1))
      last = (find.int64(0), try vault.unwrap(find.blob(2)))
    }
    return last.map { VaultKeys(version: $0.version, dataKeys: dataKeys, indexKey: $0.indexKey) }
  }
}
