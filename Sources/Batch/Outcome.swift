/// The state of one line in a result.
public enum OutcomeStatus: UInt8, Hashable, Sendable {
  /// Money moved, or the voucher is active. Final.
  case successful = 1
  /// Nothing moved. Final.
  case failed = 2
  /// Not known yet; a later revision of the result tells.
  case pending = 3

  /// The word in documents.
  public var name: String {
    switch self {
    case .successful: "SUCCESSFUL"
    case .failed: "FAILED"
    case .pending: "PENDING"
    }
  }

  /// The transaction status of ISO 20022: settled, rejected, pending.
  public var iso: String {
    switch self {
    case .successful: "ACSC"
    case .failed: "RJCT"
    case .pending: "PDNG"
    }
  }
}

/// One line of a result.
public struct Outcome: Sendable {
  /// The partner's identifier of the instruction.
  public var instructionID: String
  /// How it ended.
  public var status: OutcomeStatus
  /// The amount as a decimal: normalised, or as stated when it was none.
  public var amount: String
  /// The currency's code, or what stood in its place.
  public var currency: String
  /// The reference that the wallet knows; `nil` when nothing was ever sent.
  public var reference: String?
  /// The wallet's own number for the movement.
  public var financialTransactionID: String?
  /// When the wallet settled it.
  public var completedAt: Timestamp?
  /// Why it failed or is pending.
  public var reason: Reason?
  /// What a voucher instruction got.
  public var voucher: IssuedVoucher?
  /// How the payee was paid in another way: the wallet did not move this line's money.
  public var settledByHand: SettledByHand?

  /// A line with its required members; the rest is set afterwards.
  public init(instructionID: String, status: OutcomeStatus, amount: String, currency: String) {
    self.instructionID = instructionID
    self.status = status
    self.amount = amount
    self.currency = currency
  }
}

/// An operator's word that a payee has the money, as a result carries it.
public struct SettledByHand: Hashable, Sendable {
  /// How it was paid.
  public var note: String
  /// The number of the other payment, such as a receipt's.
  public var receipt: String?
  /// When the operator said so.
  public var at: Timestamp

  /// The word that was given at an instant.
  public init(note: String, receipt: String? = nil, at: Timestamp) {
    self.note = note
    self.receipt = receipt
    self.at = at
  }
}

/// A voucher as a result carries it. The number is secret: this value lives between the vault and the sealed file.
public struct IssuedVoucher: Sendable {
  /// 16 digits that begin with 9.
  public var serialNumber: String
  /// 16 digits, the secret that is worth the money.
  public var voucherNumber: String
  /// When it ends to be worth anything.
  public var expiryDate: Timestamp
  /// Its voucher group.
  public var groupCode: String

  /// A voucher that the vault opened.
  public init(serialNumber: String, voucherNumber: String, expiryDate: Timestamp, groupCode: String) {
    self.serialNumber = serialNumber
    self.voucherNumber = voucherNumber
    self.expiryDate = expiryDate
    self.groupCode = groupCode
  }
}

extension IssuedVoucher: CustomStringConvertible, CustomReflectable {
  /// The serial number; never the voucher number.
  public var description: String { "voucher \(serialNumber)" }
  /// Shows no more than `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
