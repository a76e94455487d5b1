public import Batch
public import Wallet

/// The order of one active voucher.
public struct VoucherOrder: Hashable, Sendable {
  /// Names the order, and the movement of its money into the float.
  public let reference: TransferReference
  /// The partner whose funding account pays.
  public let partner: String
  /// The group, and what else the instruction says of the voucher.
  public let request: VoucherRequest
  /// What the voucher is worth, more than zero.
  public let amount: Money
  /// The partner's words.
  public let narration: String?

  /// An order of a voucher worth `amount`.
  public init(
    reference: TransferReference, partner: String, request: VoucherRequest, amount: Money, narration: String? = nil
  ) {
    self.reference = reference
    self.partner = partner
    self.request = request
    self.amount = amount
    self.narration = narration
  }

  /// The movement into the float.
  var movement: FloatMovement { FloatMovement(reference: reference, partner: partner, amount: amount) }
}
