public import Batch
public import Wallet

/// Finds the account behind a functional ID.
public protocol PayeeResolver: Sendable {
  /// The payee that is mapped for `functionalID`; `nil` when there is none.
  func payee(forFunctionalID functionalID: String) async -> Payee?
}

/// A resolver for a home without an account mapper: it knows nobody.
public struct NoPayeeResolver: PayeeResolver {
  /// A resolver that knows nobody.
  public init() {}
  /// Always `nil`.
  public func payee(forFunctionalID functionalID: String) async -> Payee? { nil }
}

/// Pays credit instructions through a wallet.
public struct TransferExecutor: Executor {
  private let wallet: any WalletAdapter
  private let resolver: any PayeeResolver

  /// An executor that pays through `wallet`.
  public init(wallet: any WalletAdapter, resolver: any PayeeResolver) {
    self.wallet = wallet
    self.resolver = resolver
  }

  /// Payments.
  public var kind: BatchKind { .credit }

  /// The payee.
  public func laneKey(of instruction: Instruction) -> Int {
    switch instruction.order {
    case .credit(let payee): payee.hashValue
    case .creditFunctional(let id): id.hashValue
    case .voucher: 0
    }
  }

  /// Resolves the payees, refuses what the wallet can't do, and submits the rest in one call.
  public func execute(_ orders: [ExecutionOrder]) async -> [ExecutionAnswer] {
    var outcomes = [ExecutionAnswer](repeating: .answered(.notSent("not looked at")), count: orders.count)
    var transfers: [Transfer] = []
    var places: [Int] = []
    transfers.reserveCapacity(orders.count)
    places.reserveCapacity(orders.count)
    let capabilities = wallet.capabilities
    for (place, order) in orders.enumerated() {
      switch await transfer(for: order, capabilities) {
      case .success(let transfer):
        transfers.append(transfer)
        places.append(place)
      case .failure(let refusal): outcomes[place] = .refused(refusal.reason)
      }
    }
    guard !transfers.isEmpty else { return outcomes }
    let answers = await wallet.submit(transfers)
    precondition(answers.count == transfers.count, "a wallet answers each transfer once")
    for (place, answer) in zip(places, answers) { outcomes[place] = .answered(answer) }
    return outcomes
  }

  /// Asks for the references.
  public func enquire(_ orders: [ExecutionOrder]) async -> [StatusOutcome] {
    let answers = await wallet.status(of: orders.map(\.reference))
    precondition(answers.count == orders.count, "a wallet answers each reference once")
    return answers
  }

  /// A payment's line tells nothing besides its settlement.
  public func complete(_ outcomes: inout [Outcome], of references: [TransferReference?]) async throws {}

  private struct Refusal: Error { let reason: Reason }

  private func transfer(for order: ExecutionOrder, _ capabilities: WalletCapabilities) async
    -> Result<Transfer, Refusal>
  {
    let instruction = order.instruction
    let payee: Payee
    switch instruction.order {
    case .credit(let named): payee = named
    case .creditFunctional(let id):
      guard let mapped = await resolver.payee(forFunctionalID: id) else {
        return .failure(Refusal(reason: Reason(.payeeNotFound, "no account is mapped for this functional ID")))
      }
      payee = mapped
    case .voucher:
      return .failure(Refusal(reason: Reason(.walletRejected, "a voucher request does not belong in a credit batch")))
    }
    guard let amount = instruction.amount else {
      return .failure(Refusal(reason: Reason(.invalidAmount, "the amount is none")))
    }
    if let currencies = capabilities.currencies, !currencies.contains(amount.currency) {
      return .failure(
        Refusal(reason: Reason(.currencyNotSupported, "the wallet does not hold \(amount.currency.code)")))
    }
    guard capabilities.payeeKinds.contains(payee.kind) else {
      return .failure(
        Refusal(reason: Reason(.payeeNotAllowed, "the wallet can't pay a payee of type \(payee.kind.name)")))
    }
    return .success(
      Transfer(
        reference: order.reference, partner: order.partner, payee: payee, amount: amount,
        externalID: instruction.instructionID, narration: instruction.narration))
  }
}
