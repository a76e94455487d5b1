/// Why an instruction failed: an open set of codes, so that a wallet's new word does not break anyone.
public struct ReasonCode: RawRepresentable, Hashable, Sendable {
  /// The word in a result, such as `payee-not-found`.
  public let rawValue: String
  /// A code as a result or a wallet spells it.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The amount is not a positive decimal of the currency's precision.
  public static let invalidAmount = Self(rawValue: "invalid-amount")
  /// The amount is over the partner's limit for one instruction.
  public static let amountOverLimit = Self(rawValue: "amount-over-limit")
  /// Not a currency of ISO 4217, or none that the wallet holds.
  public static let currencyNotSupported = Self(rawValue: "currency-not-supported")
  /// Known from an earlier batch of the partner, or twice in this one.
  public static let duplicateInstruction = Self(rawValue: "duplicate-instruction")
  /// Nobody is known under the payee's identifier.
  public static let payeeNotFound = Self(rawValue: "payee-not-found")
  /// The payee's account is closed or blocked.
  public static let payeeInactive = Self(rawValue: "payee-inactive")
  /// The payee may not receive this payment.
  public static let payeeNotAllowed = Self(rawValue: "payee-not-allowed")
  /// The funding account does not hold the amount.
  public static let insufficientFunds = Self(rawValue: "insufficient-funds")
  /// The wallet refused with a reason that has no code of its own here.
  public static let walletRejected = Self(rawValue: "wallet-rejected")
  /// The wallet's final answer is not known at the deadline.
  public static let walletTimeout = Self(rawValue: "wallet-timeout")
  /// No voucher group has the code.
  public static let voucherGroupUnknown = Self(rawValue: "voucher-group-unknown")
  /// The voucher group can issue no more.
  public static let voucherGroupExhausted = Self(rawValue: "voucher-group-exhausted")
  /// No voucher has the serial number.
  public static let voucherNotFound = Self(rawValue: "voucher-not-found")
  /// The batch ended before this instruction was sent.
  public static let expired = Self(rawValue: "expired")
  /// An operator cancelled the batch before this instruction was sent.
  public static let cancelled = Self(rawValue: "cancelled")
  /// The voucher is in a state, or has terms, that do not allow what was asked.
  public static let voucherState = Self(rawValue: "voucher-state")

  /// The external status reason of ISO 20022; `NARR` (see the message) for a code without one.
  public var iso: String {
    switch self {
    case .invalidAmount: "AM12"
    case .amountOverLimit: "AM02"
    case .currencyNotSupported: "AM03"
    case .duplicateInstruction: "AM05"
    case .payeeNotFound: "AC01"
    case .payeeInactive: "AC04"
    case .payeeNotAllowed: "AG01"
    case .insufficientFunds: "AM04"
    case .walletRejected: "MS03"
    case .walletTimeout: "AB03"
    default: "NARR"
    }
  }
}

/// A reason as a result carries it: code and a message for people, which holds nothing secret.
public struct Reason: Hashable, Sendable {
  /// The code that programs compare.
  public let code: ReasonCode
  /// What happened, in words, without the payee's identity.
  public let message: String

  /// A reason of `code`, explained by `message`.
  public init(_ code: ReasonCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
