public import Batch
public import Wallet

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

  /// Asks the account mapper. What can't be asked now is no answer: those instructions are not sent.
  public func resolve(_ functionalIDs: [FunctionalID]) async -> PayeeResolution {
    do {
      return .answered(try await resolver.resolve(functionalIDs))
    } catch {
      return .unavailable("the account mapper can't be read: \(error)")
    }
  }

  /// The payee, however the instruction names it: a telephone number and a functional ID that is mapped to it are one.
  public func laneKey(of instruction: Instruction, _ payees: PayeeResolution) -> Int {
    switch instruction.order {
    case .credit(let payee): payee.hashValue
    case .creditFunctional(let id): payees.payee(of: FunctionalID(rawValue: id))?.hashValue ?? id.hashValue
    case .voucher: 0
    }
  }

  /// Refuses what has no account or what the wallet can't do, and submits the rest in one call.
  public func execute(_ orders: [ExecutionOrder], _ payees: PayeeResolution) async -> [ExecutionAnswer] {
    var outcomes = [ExecutionAnswer](repeating: .answered(.notSent("not looked at")), count: orders.count)
    var transfers: [Transfer] = []
    var places: [Int] = []
    transfers.reserveCapacity(orders.count)
    places.reserveCapacity(orders.count)
    let capabilities = wallet.capabilities
    for (place, order) in orders.enumerated() {
      do throws(Unsent) {
        transfers.append(try transfer(for: order, payees, capabilities))
        places.append(place)
      } catch { outcomes[place] = error.answer }
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

  /// Why no transfer is made of an order.
  private struct Unsent: Error {
    let answer: ExecutionAnswer
    init(_ code: ReasonCode, _ message: String) { answer = .refused(Reason(code, message)) }
    init(notNow reason: String) { answer = .answered(.notSent(reason)) }
  }

  private func transfer(
    for order: ExecutionOrder, _ payees: PayeeResolution, _ capabilities: WalletCapabilities
  ) throws(Unsent) -> Transfer {
    let instruction = order.instruction
    let (payee, provider) = try account(of: instruction, payees)
    guard let amount = instruction.amount else { throw Unsent(.invalidAmount, "the amount is none") }
    if let currencies = capabilities.currencies, !currencies.contains(amount.currency) {
      throw Unsent(.currencyNotSupported, "the wallet does not hold \(amount.currency.code)")
    }
    guard capabilities.payeeKinds.contains(payee.kind) else {
      throw Unsent(.payeeNotAllowed, "the wallet can't pay a payee of type \(payee.kind.name)")
    }
    return Transfer(
      reference: order.reference, partner: order.partner, payee: payee, amount: amount,
      externalID: instruction.instructionID, narration: instruction.narration, provider: provider)
  }

  private func account(
    of instruction: Instruction, _ payees: PayeeResolution
  ) throws(Unsent) -> (payee: Payee, provider: String?) {
    switch instruction.order {
    case .credit(let payee): return (payee, nil)
    case .creditFunctional(let id):
      if case .unavailable(let reason) = payees { throw Unsent(notNow: reason) }
      switch payees[FunctionalID(rawValue: id)] {
      case .payee(let payee, let provider): return (payee, provider)
      case .inactive: throw Unsent(.payeeInactive, "the beneficiary is inactive")
      case .noWallet(let modality): throw Unsent(.payeeNotAllowed, "no wallet is configured for modality \(modality)")
      case nil: throw Unsent(.payeeNotFound, "no account is mapped for this functional ID")
      }
    case .voucher: throw Unsent(.walletRejected, "a voucher request does not belong in a credit batch")
    }
  }
}
