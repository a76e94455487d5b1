public import Journal

/// What became of a file that was handed in.
public enum Reception: Sendable {
  /// Its batch is in the journal, and is to be worked on.
  case admitted(BatchRecord)
  /// Its batch was in the journal before this file came, worked on or answered.
  case known(BatchRecord)
  /// Nobody is paid.
  case rejected(BatchReport)
}
