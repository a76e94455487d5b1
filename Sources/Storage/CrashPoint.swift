#if CRASH_POINTS
  public import Glibc
  public import Synchronization
#endif

/// Places beside the durable steps where a test can kill the process, to show that starting again finishes the work.
///
/// In a debug build, `DISBURSE_CRASH_AT=journal.append.committed` kills the process by `SIGKILL` when it gets there,
/// and `…:3` when it gets there for the third time. A release build has no trace of it.
public enum CrashPoint: String, Sendable, CaseIterable {
  /// A file is written and synced beside its place.
  case fileSynced = "file.synced"
  /// A file has its name; the directory is not synced.
  case fileRenamed = "file.renamed"
  /// A file has its name beside the temporary one.
  case fileLinked = "file.linked"
  /// A file has another name, perhaps in another directory; neither is synced.
  case fileMoved = "file.moved"
  case journalOpenCommitted = "journal.open.committed"
  case journalAppendBeforeCommit = "journal.append.before-commit"
  case journalAppendCommitted = "journal.append.committed"
  case journalAdmitBeforeCommit = "journal.admit.before-commit"
  case journalAdmitCommitted = "journal.admit.committed"
  case journalRejectCommitted = "journal.reject.committed"
  case journalRejectSwept = "journal.reject.swept"
  case journalClaimBeforeCommit = "journal.claim.before-commit"
  case journalClaimCommitted = "journal.claim.committed"
  case journalExpireBeforeCommit = "journal.expire.before-commit"
  case journalExpireCommitted = "journal.expire.committed"
  case journalRecordBeforeCommit = "journal.record.before-commit"
  case journalRecordCommitted = "journal.record.committed"
  case journalPublishPrepared = "journal.publish.prepared"
  case journalPublishMarked = "journal.publish.marked"
  case operatorHeld = "operator.hold.committed"
  case operatorApproved = "operator.approve.committed"
  case operatorResumed = "operator.resume.committed"
  case operatorCancelled = "operator.cancel.committed"
  case operatorRetried = "operator.retry.committed"
  case operatorSettled = "operator.settle.committed"
  /// An entry of the audit trail stands that no step of the journal writes.
  case auditNoted = "audit.note.committed"
  /// A result grows beside its place.
  case publishBegun = "publish.begun"
  /// A result is sealed and synced; the journal does not know of it.
  case publishSealed = "publish.sealed"
  /// A dropped file is in `work/`, and nothing is known of it.
  case spoolTaken = "spool.taken"
  /// It is written down which batch the file became.
  case spoolAdmissionNoted = "spool.admission.noted"
  /// It is written down how a file is refused; nothing of it is in its place.
  case spoolRefusalNoted = "spool.refusal.noted"
  /// The sealed refusal is in the outbox.
  case spoolRefusalPlaced = "spool.refusal.placed"
  /// The report of a refused file is in its place.
  case spoolReportPlaced = "spool.report.placed"
  /// A file is at its last place; the note beside it is still there.
  case spoolEnded = "spool.ended"
  case ledgerPostBeforeCommit = "ledger.post.before-commit"
  case ledgerPostCommitted = "ledger.post.committed"
  case ledgerSubledgerBeforeCommit = "ledger.subledger.before-commit"
  case voucherDrawBeforeCommit = "voucher.draw.before-commit"
  case voucherDrawn = "voucher.drawn"
  case voucherReserved = "voucher.reserved"
  case voucherActivateBeforeCommit = "voucher.activate.before-commit"
  case voucherActivated = "voucher.activated"
  case voucherIndexBeforeCommit = "voucher.index.before-commit"
  case beneficiariesImportBeforeCommit = "beneficiaries.import.before-commit"
  case beneficiariesImportCommitted = "beneficiaries.import.committed"

  /// All of them, for a test that goes through them.
  public static var all: [CrashPoint] { allCases }

  /// Says that the process is at `point`.
  @inlinable
  public static func reached(_ point: CrashPoint) {
    #if CRASH_POINTS
      guard let wanted, wanted.point == point else { return }
      let count = visits.withLock { visits in
        visits += 1
        return visits
      }
      if count == wanted.visit { kill(getpid(), SIGKILL) }
    #endif
  }

  #if CRASH_POINTS
    @usableFromInline
    static let visits = Mutex(0)
    @usableFromInline
    static let wanted: (point: CrashPoint, visit: Int)? = {
      guard let value = getenv("DISBURSE_CRASH_AT").map({ String(cString: $0) }) else { return nil }
      let parts = value.split(separator: ":", maxSplits: 1)
      guard let name = parts.first, let point = CrashPoint(rawValue: String(name)) else { return nil }
      return (point, parts.count == 2 ? Int(parts[1]) ?? 1 : 1)
    }()
  #endif
}
