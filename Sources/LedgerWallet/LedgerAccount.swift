internal import Batch

/// An account of the general ledger. The accounts of the payees are a subledger of `payees`.
struct LedgerAccount: Hashable, Sendable {
  /// What the account is for. The raw value is what the ledger stores.
  enum Kind: UInt8, Hashable, Sendable {
    /// The counter side of all money in the ledger; its balance is minus the sum of the others.
    case issuance = 1
    /// What a partner has to pay out.
    case funding = 2
    /// What stands for the live vouchers of a partner.
    case voucherFloat = 3
    /// The control account of the payees' accounts: its balance is their sum.
    case payees = 4
  }

  /// What it is for.
  let kind: Kind
  /// The currency of all its entries.
  let currency: Currency
  /// The partner it belongs to; empty for issuance and payees.
  let partner: String

  static func issuance(_ currency: Currency) -> Self { Self(kind: .issuance, currency: currency, partner: "") }
  static func payees(_ currency: Currency) -> Self { Self(kind: .payees, currency: currency, partner: "") }
  static func funding(_ partner: String, _ currency: Currency) -> Self {
    Self(kind: .funding, currency: currency, partner: partner)
  }
  static func voucherFloat(_ partner: String, _ currency: Currency) -> Self {
    Self(kind: .voucherFloat, currency: currency, partner: partner)
  }

  /// Only the issuance account may be negative.
  var mayBeNegative: Bool { kind == .issuance }
}
