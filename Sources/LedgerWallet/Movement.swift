internal import Batch
internal import Wallet

/// One movement of money between two accounts of the ledger.
struct Movement: Hashable, Sendable {
  /// Names the movement for ever.
  let reference: TransferReference
  /// The account that pays.
  let debit: LedgerAccount
  /// The account that receives.
  let credit: LedgerAccount
  /// The payee's account within `credit`, when that is the control account of the payees.
  let payee: Payee?
  /// How much, in the minor unit of the accounts' currency.
  let minorUnits: Int64
}

extension Movement {
  /// From the partner's funding account to the payee.
  init(_ transfer: Transfer) {
    let currency = transfer.amount.currency
    self.init(
      reference: transfer.reference, debit: .funding(transfer.partner, currency), credit: .payees(currency),
      payee: transfer.payee, minorUnits: transfer.amount.minorUnits)
  }

  /// From the partner's funding account to the voucher float.
  init(reserving movement: FloatMovement) {
    let currency = movement.amount.currency
    self.init(
      reference: movement.reference, debit: .funding(movement.partner, currency),
      credit: .voucherFloat(movement.partner, currency), payee: nil, minorUnits: movement.amount.minorUnits)
  }

  /// From the voucher float back to the partner's funding account.
  init(releasing movement: FloatMovement) {
    let currency = movement.amount.currency
    self.init(
      reference: movement.reference, debit: .voucherFloat(movement.partner, currency),
      credit: .funding(movement.partner, currency), payee: nil, minorUnits: movement.amount.minorUnits)
  }

  /// From the voucher float to whom the voucher's holder is paid by.
  init(payingOut movement: FloatMovement, to payee: Payee) {
    let currency = movement.amount.currency
    self.init(
      reference: movement.reference, debit: .voucherFloat(movement.partner, currency), credit: .payees(currency),
      payee: payee, minorUnits: movement.amount.minorUnits)
  }

  /// New money for the partner.
  init(funding partner: String, with amount: Money, reference: TransferReference) {
    self.init(
      reference: reference, debit: .issuance(amount.currency), credit: .funding(partner, amount.currency), payee: nil,
      minorUnits: amount.minorUnits)
  }
}
