internal import Storage

/// What `vouchers.sqlite` holds.
///
/// A voucher's number is in its row sealed, and as a code to find it by: the first 64 bits of an HMAC. The codes are
/// random, so an index that is kept up with each chunk would write a page for each voucher: they are merged into
/// `number_index` in large sorted steps (`NumberIndex`).
enum VoucherSchema {
  static let schema = StoreSchema(applicationID: 0x6469_5663, steps: [version1])

  // `activated_at` and `expires_at` have values before the activation too, and the states 0 and 1 take the same room,
  // so that activating a voucher never moves a row to another page.
  private static let version1 = """
    CREATE TABLE vault_key (
      version INTEGER PRIMARY KEY, data_key BLOB NOT NULL, index_key BLOB NOT NULL, created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE voucher_group (
      number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, expires_after_days INTEGER NOT NULL, description TEXT,
      capacity INTEGER, issued_count INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE voucher (
      sequence INTEGER PRIMARY KEY, state INTEGER NOT NULL, is_stock INTEGER NOT NULL, group_number INTEGER NOT NULL, currency TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0), key_version INTEGER NOT NULL, code INTEGER NOT NULL,
      sealed_number BLOB NOT NULL, activated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
      reference BLOB, partner TEXT, payee_functional_id TEXT
    ) STRICT;
    CREATE UNIQUE INDEX voucher_reference ON voucher (reference) WHERE reference IS NOT NULL;
    CREATE TABLE number_index (code INTEGER PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
    CREATE TABLE counter (
      only INTEGER PRIMARY KEY CHECK (only = 0), last_sequence INTEGER NOT NULL, indexed_sequence INTEGER NOT NULL
    ) STRICT;
    INSERT INTO counter VALUES (0, 0, 0);
    """
}
