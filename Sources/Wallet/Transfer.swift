public import Batch

/// One movement of money that a wallet is asked for.
public struct Transfer: Hashable, Sendable {
  /// Names the movement; a wallet that has seen it does nothing again.
  public let reference: TransferReference
  /// The partner whose funding account pays.
  public let partner: String
  /// Who receives.
  public let payee: Payee
  /// How much, more than zero.
  public let amount: Money
  /// The partner's identifier of the instruction, for the wallet's own records.
  public let externalID: String
  /// Text for the payee.
  public let narration: String?
  /// The code of the provider that holds the payee's account, when the account mapper knows it.
  public let provider: String?

  /// A transfer of `amount` from the funding account of `partner` to `payee`.
  public init(
    reference: TransferReference, partner: String, payee: Payee, amount: Money, externalID: String,
    narration: String? = nil, provider: String? = nil
  ) {
    self.reference = reference
    self.partner = partner
    self.payee = payee
    self.amount = amount
    self.externalID = externalID
    self.narration = narration
    self.provider = provider
  }
}

/// How a wallet settled a movement.
public struct Settlement: Hashable, Sendable {
  /// The wallet's own number for the movement, when it gives one.
  public let financialTransactionID: String?
  /// When it was settled, by the wallet's word, or when we learnt it.
  public let completedAt: Timestamp

  /// A settlement at `completedAt`.
  public init(financialTransactionID: String?, completedAt: Timestamp) {
    self.financialTransactionID = financialTransactionID
    self.completedAt = completedAt
  }
}

/// What a wallet answers to a movement it was asked for. Whatever is not known for certain is `inDoubt`.
public enum SubmitOutcome: Hashable, Sendable {
  /// Taken, not paid yet: ask for its status.
  case accepted
  /// Money moved. Final.
  case settled(Settlement)
  /// Nothing moved and nothing will. Final.
  case rejected(Reason)
  /// It may have been taken; only its status tells. The text is for the operator.
  case inDoubt(String)
  /// The request certainly never left: it may be sent later under the same reference. The text is for the operator.
  case notSent(String)
}

/// What a wallet answers when it is asked for a reference.
public enum StatusOutcome: Hashable, Sendable {
  /// Known and not final.
  case pending
  /// Money moved. Final.
  case settled(Settlement)
  /// Nothing moved and nothing will. Final.
  case rejected(Reason)
  /// The wallet has never heard of the reference: nothing moved, and it may be sent.
  case unknown
  /// No answer that means anything. The text is for the operator.
  case inDoubt(String)
}
