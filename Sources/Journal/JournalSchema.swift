internal import Storage

/// The tables of the SQLite journal.
///
/// A line's key is `batch << 32 | position`, so that rows stand in the order in which they come and are read, a chunk
/// touches neighbouring pages, and the log of a million lines stays small.
enum JournalSchema {
  /// "DISJ".
  static let applicationID: Int32 = 0x4449_534A

  static var schema: StoreSchema {
    StoreSchema(applicationID: applicationID, steps: [first, second + guards, EnquirySchema.step])
  }

  /// The key of a line.
  static func key(_ batch: BatchNumber, _ position: Int) -> Int64 { batch.rawValue << 32 | Int64(position) }
  /// The batch of a key.
  static func batch(ofKey key: Int64) -> BatchNumber { BatchNumber(rawValue: key >> 32) }
  /// The position of a key.
  static func position(ofKey key: Int64) -> Int { Int(key & 0xFFFF_FFFF) }
  /// Positions are below this.
  static let maximumLines = 1 << 31

  // batch.line_count: one past the highest position that was appended; after a rejection, what is left to remove.
  // batch.next_position: the first that nobody has claimed; claims are taken in order, so below it a line without an
  //   outcome is in some claim's hands.
  // batch.indexed_count: the lines below it have their IDs in used_id; see `UsedIDs`.
  // instruction.partner: NULL for a line refused as a duplicate, which has no right to its ID.
  // claim.first, last: NULL for a claim of unresolved lines; those have an outcome that names the claim.
  // claim.remaining: how many lines of the range have no outcome yet.
  // outcome.claim: NULL for a line refused at admission.
  private static let first = """
    CREATE TABLE partner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

    CREATE TABLE batch (
      id INTEGER PRIMARY KEY AUTOINCREMENT, partner INTEGER NOT NULL, batch_id TEXT NOT NULL, kind INTEGER NOT NULL,
      source_bb_id TEXT NOT NULL, request_id TEXT, recipient_id TEXT, program_id TEXT, currency TEXT,
      created_at INTEGER, execute_at INTEGER, expires_at INTEGER, file TEXT NOT NULL, opened_at INTEGER NOT NULL,
      state INTEGER NOT NULL, decided_at INTEGER, content_digest BLOB, processor TEXT,
      unknown_members INTEGER NOT NULL DEFAULT 0,
      line_count INTEGER NOT NULL DEFAULT 0, indexed_count INTEGER NOT NULL DEFAULT 0,
      next_position INTEGER NOT NULL DEFAULT 0,
      revision INTEGER, result_path TEXT, result_digest BLOB, is_published INTEGER NOT NULL DEFAULT 0,
      published_at INTEGER,
      error_count INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX batch_live ON batch (partner, batch_id) WHERE state <> 2;
    CREATE INDEX batch_name ON batch (batch_id);
    CREATE INDEX batch_leftover ON batch (partner) WHERE state = 0 OR (state = 2 AND line_count > 0);

    CREATE TABLE problem (
      batch INTEGER NOT NULL, number INTEGER NOT NULL, code TEXT NOT NULL, pointer TEXT, byte_offset INTEGER,
      message TEXT NOT NULL, PRIMARY KEY (batch, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE instruction (
      id INTEGER PRIMARY KEY, amount INTEGER, currency TEXT, partner INTEGER, instruction_id TEXT NOT NULL,
      order_kind INTEGER NOT NULL, payee TEXT, narration TEXT, group_code TEXT, serial_number TEXT,
      stated_amount TEXT, stated_currency TEXT
    ) STRICT;

    CREATE TABLE used_id (
      partner INTEGER NOT NULL, instruction_id TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (partner, instruction_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE claim (
      fence INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL, first INTEGER, last INTEGER,
      remaining INTEGER NOT NULL, owner TEXT NOT NULL, claimed_at INTEGER NOT NULL,
      is_expired INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX claim_live ON claim (batch) WHERE is_expired = 0;

    CREATE TABLE outcome (
      id INTEGER PRIMARY KEY, state INTEGER NOT NULL, attempt INTEGER NOT NULL, claim INTEGER, reference BLOB,
      transaction_id TEXT, completed_at INTEGER, reason_code TEXT, reason TEXT
    ) STRICT;
    CREATE INDEX outcome_open ON outcome (id) WHERE state < 4;

    CREATE TABLE tally (
      batch INTEGER NOT NULL, standing INTEGER NOT NULL, currency TEXT NOT NULL, count INTEGER NOT NULL,
      amount INTEGER NOT NULL, PRIMARY KEY (batch, standing, currency)
    ) STRICT, WITHOUT ROWID;
    """

  // batch.hold: the raw value of a `BatchHold`; NULL when nothing holds the batch.
  // batch.cancel_code: why the rest is not sent any more (`cancelled`, `expired`); NULL while it may be.
  // batch.arrival: the file's name in spool/work; batch.submitter: the system user who handed it in; batch.signers: the
  //   SHA-256 of the public keys that signed it, in hexadecimal, with a comma between.
  // batch.refused_count: lines refused at admission; batch.watched_succeeded, watched_failed: what the failure rate does
  //   not count any more, since an operator has seen it.
  // batch.round: which release it needs or had, from 1: a retry begins a new one. batch.ordered_by: who ordered it.
  // batch.is_changed: whether a line has changed since the last result was prepared.
  // batch.result_signer, result_recipients: the fingerprints of the certificates that the last result was signed with and
  //   sealed to, with a comma between; batch.witness_entry, witness_hash: the head of the audit trail that stands in it.
  // audit_kept_…: the trail grows at its end and nowhere else. AUTOINCREMENT keeps the highest number that it ever had.
  // outcome.by_hand: an operator's note, for a line that was settled by hand.
  // cursor: how far a reader of the audit trail is.
  private static let second = """
    ALTER TABLE batch ADD COLUMN hold INTEGER;
    ALTER TABLE batch ADD COLUMN hold_note TEXT;
    ALTER TABLE batch ADD COLUMN cancel_code TEXT;
    ALTER TABLE batch ADD COLUMN cancel_note TEXT;
    ALTER TABLE batch ADD COLUMN arrival TEXT;
    ALTER TABLE batch ADD COLUMN submitter TEXT;
    ALTER TABLE batch ADD COLUMN signers TEXT;
    ALTER TABLE batch ADD COLUMN refused_count INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE batch ADD COLUMN watched_succeeded INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE batch ADD COLUMN watched_failed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE batch ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE batch ADD COLUMN ordered_by TEXT;
    ALTER TABLE batch ADD COLUMN is_changed INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE batch ADD COLUMN result_signer TEXT;
    ALTER TABLE batch ADD COLUMN result_recipients TEXT;
    ALTER TABLE batch ADD COLUMN witness_entry INTEGER;
    ALTER TABLE batch ADD COLUMN witness_hash BLOB;
    CREATE INDEX batch_unfinished ON batch (id) WHERE state IN (1, 3);
    ALTER TABLE outcome ADD COLUMN by_hand TEXT;

    CREATE TABLE approval (
      batch INTEGER NOT NULL, round INTEGER NOT NULL, operator TEXT NOT NULL, evidence TEXT NOT NULL, signature BLOB,
      at INTEGER NOT NULL, PRIMARY KEY (batch, round, operator)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE day_total (
      partner INTEGER NOT NULL, day INTEGER NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL,
      PRIMARY KEY (partner, day, currency)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL,
      partner TEXT, batch_id TEXT, file TEXT, key TEXT, details BLOB NOT NULL, previous BLOB NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audit_batch ON audit (batch_id, number) WHERE batch_id IS NOT NULL;
    CREATE INDEX audit_partner ON audit (partner, number) WHERE partner IS NOT NULL;
    CREATE INDEX audit_actor ON audit (actor, number);
    CREATE INDEX audit_at ON audit (at, number);
    CREATE TABLE cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """

  /// The triggers of the audit trail, each as SQLite keeps it.
  static let auditGuards = [
    """
    CREATE TRIGGER audit_kept_unchanged BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: no entry is changed'); END
    """,
    """
    CREATE TRIGGER audit_kept_whole BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: no entry is removed'); END
    """,
    // A REPLACE removes the row that it replaces without asking the trigger above.
    """
    CREATE TRIGGER audit_kept_in_order BEFORE INSERT ON audit
      WHEN EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number)
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: an entry stands behind the last'); END
    """,
  ]

  private static let guards = auditGuards.map { "\n\($0);" }.joined()
}
