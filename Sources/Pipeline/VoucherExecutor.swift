public import Batch
public import Vouchers
public import Wallet

/// Issues the vouchers that voucher instructions ask for.
public struct VoucherExecutor: Executor {
  private let issuer: VoucherIssuer

  /// An executor that issues through `issuer`.
  public init(issuer: VoucherIssuer) { self.issuer = issuer }

  /// Vouchers.
  public var kind: BatchKind { .voucher }

  /// The pre-activated voucher that is asked for; new ones are in nobody's way.
  public func laneKey(of instruction: Instruction, _ payees: PayeeResolution) -> Int {
    // Only two requests for the same pre-activated voucher could be in each other's way.
    guard case .voucher(let request) = instruction.order, let serial = request.serialNumber else {
      return instruction.position
    }
    return serial.hashValue
  }

  /// Issues or activates one voucher for each order.
  public func execute(_ orders: [ExecutionOrder], _ payees: PayeeResolution) async -> [ExecutionAnswer] {
    var outcomes = [ExecutionAnswer](
      repeating: .refused(Reason(.voucherState, "a payment does not belong in a voucher batch")), count: orders.count)
    var requests: [VoucherOrder] = []
    var places: [Int] = []
    for (place, order) in orders.enumerated() {
      guard case .voucher(let request) = order.instruction.order, let amount = order.instruction.amount else {
        continue
      }
      requests.append(
        VoucherOrder(
          reference: order.reference, partner: order.partner, request: request, amount: amount,
          narration: order.instruction.narration))
      places.append(place)
    }
    let answers = await issuer.issue(requests)
    precondition(answers.count == requests.count, "an issuer answers each order once")
    for (place, answer) in zip(places, answers) { outcomes[place] = Self.answer(answer) }
    return outcomes
  }

  /// What the issuer refuses by its own books, it asks no money for.
  private static func answer(_ outcome: SubmitOutcome) -> ExecutionAnswer {
    let ownRefusals: Set<ReasonCode> = [
      .voucherGroupUnknown, .voucherGroupExhausted, .voucherNotFound, .voucherState,
    ]
    guard case .rejected(let reason) = outcome, ownRefusals.contains(reason.code) else { return .answered(outcome) }
    return .refused(reason)
  }

  /// Asks for the references.
  public func enquire(_ orders: [ExecutionOrder]) async -> [StatusOutcome] {
    let answers = await issuer.status(of: orders.map(\.reference))
    precondition(answers.count == orders.count, "an issuer answers each reference once")
    return answers
  }

  /// Opens the numbers of the vouchers, which are in clear from here to the sealed result.
  public func complete(_ outcomes: inout [Outcome], of references: [TransferReference?]) async throws {
    let places = references.indices.filter { references[$0] != nil }
    let vouchers = try await issuer.vouchers(for: references.compactMap(\.self))
    for (index, voucher) in zip(places, vouchers) {
      guard let voucher else {
        throw PipelineError.journal(
          "\(outcomes[index].instructionID) is settled, and its voucher is not in the store: restore it from a backup")
      }
      outcomes[index].voucher = voucher
    }
  }
}
