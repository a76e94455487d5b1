import Storage
import TestKit

/// A batch that the campaign kills again and again.
enum Scenario: Sendable, CaseIterable {
  /// Payments, of which some are refused at admission and some by the wallet.
  case payments
  /// Voucher requests, of which some fail.
  case vouchers
  /// A file that is rejected whole after its lines were written down.
  case rejection

  /// The payees that may hold money afterwards.
  static let payees = (0..<150).map(BatchDocument.payee)
  static let inactivePayee = "250789000001"
  static let limitedPayee = "250789000002"

  /// What the partner sends.
  var document: BatchDocument {
    switch self {
    case .payments: BatchDocument("CRASH-1", lines: (0..<240).map(Self.payment))
    case .vouchers:
      BatchDocument("CRASH-2", kind: "voucherInstructions", lines: (0..<120).map(Self.voucher))
    case .rejection:
      BatchDocument("CRASH-1", lines: (0..<60).map(Self.payment)).with("control", #"{"count":61}"#)
    }
  }

  private static func payment(_ index: Int) -> String {
    let amount = "\(100 + index * 37 % 29 * 100)"
    let id = "P-\(index)"
    if index % 41 == 7 { return BatchDocument.credit(id, "10.50", to: payees[0]) }
    if index % 53 == 3 { return BatchDocument.credit(id, amount, to: inactivePayee) }
    if index == 100 { return BatchDocument.credit(id, "60", to: limitedPayee) }
    return BatchDocument.credit(id, amount, to: payees[index % payees.count])
  }

  private static func voucher(_ index: Int) -> String {
    let id = "V-\(index)"
    if index % 31 == 5 { return BatchDocument.voucher(id, "0", group: "SCHOOL") }
    return BatchDocument.voucher(id, "\(500 + index)", group: index % 37 == 9 ? "NOBODY" : "SCHOOL")
  }

  /// The exit status of an uninterrupted run.
  var status: Int32 { self == .rejection ? 65 : 2 }

  /// The crash points that the batch does not come by, and why.
  var unreached: [CrashPoint: String] {
    var reasons: [CrashPoint: String] = [
      .ledgerSubledgerBeforeCommit: "payees' balances are posted after 262,144 movements; LedgerCrashTests kills there",
      .beneficiariesImportBeforeCommit: "a batch imports no beneficiaries; ImportCrashTests kills there",
      .beneficiariesImportCommitted: "a batch imports no beneficiaries; ImportCrashTests kills there",
    ]
    for point in Self.spoolPoints {
      reasons[point] = "the file does not come through the spool; SpoolCrashTests kills there"
    }
    for point in CrashPoint.all where point.rawValue.hasPrefix("operator.") {
      reasons[point] = "no operator gives an order; OperatorCrashTests kills there"
    }
    for point in Self.operatorPoints { reasons[point] = "no operator stops, releases or ends the batch" }
    if self != .vouchers { for point in Self.voucherPoints { reasons[point] = "no voucher is asked for" } }
    if self == .rejection {
      for point in Self.paymentPoints { reasons[point] = "a rejected batch is not admitted, dispatched or published" }
    } else {
      reasons[.auditNoted] = "what is done to an admitted batch is told by the step itself"
      reasons[.journalRejectCommitted] = "the batch is not rejected"
      reasons[.journalRejectSwept] = "the batch is not rejected"
    }
    return reasons
  }

  private static let spoolPoints: [CrashPoint] = [
    .fileMoved, .spoolTaken, .spoolAdmissionNoted, .spoolRefusalNoted, .spoolRefusalPlaced, .spoolReportPlaced,
    .spoolEnded,
  ]
  private static let operatorPoints: [CrashPoint] = [
    .operatorHeld, .operatorApproved, .operatorResumed, .operatorCancelled, .operatorRetried, .operatorSettled,
  ]
  private static let voucherPoints: [CrashPoint] = [
    .voucherDrawBeforeCommit, .voucherDrawn, .voucherReserved, .voucherActivateBeforeCommit, .voucherActivated,
    .voucherIndexBeforeCommit,
  ]
  private static let paymentPoints: [CrashPoint] = [
    .journalAdmitBeforeCommit, .journalAdmitCommitted, .journalClaimBeforeCommit, .journalClaimCommitted,
    .journalExpireBeforeCommit, .journalExpireCommitted, .journalRecordBeforeCommit, .journalRecordCommitted,
    .journalPublishPrepared, .journalPublishMarked, .publishBegun, .ledgerPostBeforeCommit, .ledgerPostCommitted,
  ]
}
