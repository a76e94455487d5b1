/// What is stored to answer enquiries over all batches. Nothing of it is needed to pay, and all but the columns of
/// `batch` could be made anew from the journal's rows.
///
/// The hot path, one insert for a line at admission and one when it ends, keeps no index in random order. What needs one
/// is derived afterwards, in steps, by `EnquiryIndex`.
enum EnquirySchema {
  // batch.term_count: the lines below it have their terms in enquiry_term.
  // batch.sealed_blocks: the blocks below it have a row in outcome_span.
  // enquiry_term.term: a hash of a payee, or of a repeated instructionID; see `EnquiryTerm`. Each run was written once,
  //   in order, so that no page of an earlier one is touched.
  // outcome_span.block: a line's key >> 12. When a block has its row every line of it has an outcome, so from then on
  //   it changes by updates alone: the trigger sees each of them, and costs the inserts nothing.
  // outcome_span.open_count: how many of its lines are not final.
  // outcome_failed: few rows, in the order in which they come.
  static let step = """
    ALTER TABLE batch ADD COLUMN term_count INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE batch ADD COLUMN sealed_blocks INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX batch_partner ON batch (partner);
    CREATE INDEX batch_program ON batch (program_id);
    CREATE INDEX batch_unindexed ON batch (id) WHERE state IN (1, 3, 4) AND term_count < line_count;
    CREATE INDEX batch_unsealed ON batch (id) WHERE state IN (1, 3, 4) AND line_count > sealed_blocks << 12;

    CREATE TABLE enquiry_run (run INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
    CREATE TABLE enquiry_term (
      run INTEGER NOT NULL, term INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (run, term, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outcome_span (
      block INTEGER PRIMARY KEY, first_end INTEGER, last_end INTEGER, open_count INTEGER NOT NULL,
      is_due INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX outcome_span_due ON outcome_span (block) WHERE is_due = 1;
    CREATE TRIGGER outcome_span_stale AFTER UPDATE OF state, completed_at ON outcome BEGIN
      UPDATE outcome_span SET is_due = 1 WHERE block = NEW.id >> 12 AND is_due = 0;
    END;

    CREATE INDEX outcome_failed ON outcome (id, state, reason_code, completed_at) WHERE state = 5;
    """

  /// A block is so many positions, as a power of two.
  static let blockBits: Int64 = 12
  /// The positions of a block.
  static let blockLength = 1 << 12
  /// The states of batches that enquiries tell of: what is being admitted may still vanish, what was rejected has.
  static let isTold = "state IN (1, 3, 4)"
}
