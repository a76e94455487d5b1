internal import Storage

/// What `ledger.sqlite` holds.
///
/// A movement is one row: both entries of the double entry, named by its reference. Movements are appended; the
/// balances of the general ledger are kept with each call, those of a million payees are *posted* in large steps
/// sorted by key (`SubledgerPosting`), since updating them with each call would write a page for each payee.
enum LedgerSchema {
  static let schema = StoreSchema(applicationID: 0x6469_4C67, steps: [version1])

  // A payee's account is in one of two tables. Those that may not receive everything are in the restricted one, which
  // is small, is asked before each credit, and has balances that are always up to date.
  private static let version1 = """
    CREATE TABLE account (
      number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, currency TEXT NOT NULL, partner TEXT NOT NULL,
      balance INTEGER NOT NULL, UNIQUE (kind, currency, partner)
    ) STRICT;
    CREATE TABLE movement (
      sequence INTEGER PRIMARY KEY, reference BLOB NOT NULL UNIQUE, debit INTEGER NOT NULL, credit INTEGER NOT NULL,
      payee BLOB, amount INTEGER NOT NULL CHECK (amount > 0), at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE payee_account (
      account INTEGER NOT NULL, payee BLOB NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0),
      PRIMARY KEY (account, payee)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE restricted_payee_account (
      account INTEGER NOT NULL, payee BLOB NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0),
      state INTEGER NOT NULL, maximum_balance INTEGER, PRIMARY KEY (account, payee)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE posting (only INTEGER PRIMARY KEY CHECK (only = 0), sequence INTEGER NOT NULL) STRICT;
    INSERT INTO posting VALUES (0, 0);
    """
}
