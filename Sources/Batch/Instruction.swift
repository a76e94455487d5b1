/// What kind of orders a batch holds; the raw value is what the journal stores.
public enum BatchKind: UInt8, Hashable, Sendable, CaseIterable {
  /// `creditInstructions`: each pays one payee.
  case credit = 1
  /// `voucherInstructions`: each asks for one active voucher.
  case voucher = 2
}

/// One line of a batch: a payment or a voucher request, as the document states it.
public struct Instruction: Hashable, Sendable {
  /// The place in the batch's array, from 0; results keep this order.
  public let position: Int
  /// The partner's identifier, unique for the partner for ever.
  public let instructionID: String
  /// What is asked for.
  public let order: Order
  /// How much; `nil` when the stated amount is none, and then `refusal` says why.
  public let amount: Money?
  /// The amount and currency as the document spells them, kept only when `amount` is `nil`.
  public let stated: StatedAmount?
  /// Text for the payee, at most 160 characters.
  public let narration: String?
  /// Why this line alone can't be executed, found before anything was sent; the rest of the batch goes on.
  public let refusal: Reason?

  /// What one line asks for.
  public enum Order: Hashable, Sendable {
    /// Pay a payee that the document names.
    case credit(Payee)
    /// Pay the account that the account mapper has for a functional ID.
    case creditFunctional(id: String)
    /// Issue or activate a voucher.
    case voucher(VoucherRequest)
  }

  /// An instruction whose parts were checked by the caller.
  public init(
    position: Int, instructionID: String, order: Order, amount: Money?, stated: StatedAmount? = nil,
    narration: String? = nil, refusal: Reason? = nil
  ) {
    self.position = position
    self.instructionID = instructionID
    self.order = order
    self.amount = amount
    self.stated = stated
    self.narration = narration
    self.refusal = refusal
  }

  /// The same line, refused for `reason`.
  public func refused(for reason: Reason) -> Instruction {
    Instruction(
      position: position, instructionID: instructionID, order: order, amount: amount, stated: stated,
      narration: narration, refusal: reason)
  }
}

/// An amount that is no money: the texts as they stood in the document, for the result to echo.
public struct StatedAmount: Hashable, Sendable {
  /// The text of `amount`.
  public let amount: String
  /// The text of the line's currency, or of the batch's.
  public let currency: String

  /// The two texts.
  public init(amount: String, currency: String) {
    self.amount = amount
    self.currency = currency
  }
}

/// What a voucher instruction asks for besides its amount.
public struct VoucherRequest: Hashable, Sendable {
  /// The voucher group, 1–20 characters.
  public let groupCode: String
  /// The beneficiary, at most 20 characters, kept with the voucher.
  public let payeeFunctionalID: String?
  /// The pre-activated voucher to activate; `nil` asks for a new one.
  public let serialNumber: String?

  /// A request within `groupCode`.
  public init(groupCode: String, payeeFunctionalID: String? = nil, serialNumber: String? = nil) {
    self.groupCode = groupCode
    self.payeeFunctionalID = payeeFunctionalID
    self.serialNumber = serialNumber
  }
}
