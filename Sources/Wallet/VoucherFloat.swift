public import Batch

/// The money side of vouchers: what is issued is moved from a partner's funding account to the voucher float, and from
/// there to who redeems it or back. At any time the float equals the sum of the live vouchers.
///
/// Every call is idempotent by reference and takes many at once; answers are in the order of the requests.
public protocol VoucherFloat: Sendable {
  /// From the partner's funding account to the float.
  func reserve(_ movements: [FloatMovement]) async -> [SubmitOutcome]
  /// From the float back to the partner's funding account.
  func release(_ movements: [FloatMovement]) async -> [SubmitOutcome]
  /// From the float to `payee`.
  func payOut(_ movement: FloatMovement, to payee: Payee) async -> SubmitOutcome
  /// What became of movements that were asked for.
  func status(of references: [TransferReference]) async -> [StatusOutcome]
}

/// One movement into or out of the voucher float.
public struct FloatMovement: Hashable, Sendable {
  /// Names the movement; a wallet that has seen it does nothing again.
  public let reference: TransferReference
  /// The partner whose vouchers these are.
  public let partner: String
  /// How much, more than zero.
  public let amount: Money

  /// A movement of `amount` for `partner`.
  public init(reference: TransferReference, partner: String, amount: Money) {
    self.reference = reference
    self.partner = partner
    self.amount = amount
  }
}
