public import Batch
internal import Journal

/// Finds the accounts behind functional IDs.
public protocol PayeeResolver: Sendable {
  /// What is known of each ID; one that is not in the answer is not mapped.
  ///
  /// - Throws: when it can't be told now. Nothing is paid then, and nothing is refused.
  func resolve(_ functionalIDs: [FunctionalID]) async throws -> [FunctionalID: ResolvedPayee]
}

/// A resolver for a home without an account mapper: it knows nobody.
public struct NoPayeeResolver: PayeeResolver {
  /// A resolver that knows nobody.
  public init() {}
  /// Always nobody.
  public func resolve(_ functionalIDs: [FunctionalID]) async throws -> [FunctionalID: ResolvedPayee] { [:] }
}

/// What a functional ID leads to.
public enum ResolvedPayee: Hashable, Sendable {
  /// An account, and the code of the provider that holds it.
  case payee(Payee, provider: String?)
  /// An account that takes no payments at present.
  case inactive
  /// A way of payment that no wallet serves; its code and name, such as "00 (bank)".
  case noWallet(modality: String)
}

/// What was learnt of the functional IDs of a claim.
public enum PayeeResolution: Sendable {
  /// What each ID leads to; one that is missing is not mapped.
  case answered([FunctionalID: ResolvedPayee])
  /// It can't be told now, for this reason; the text is for the operator.
  case unavailable(String)

  /// For instructions that name their payees themselves.
  public static let none = PayeeResolution.answered([:])

  /// What an ID leads to; `nil` when it is not mapped, or can't be told.
  public subscript(id: FunctionalID) -> ResolvedPayee? {
    if case .answered(let payees) = self { payees[id] } else { nil }
  }

  /// The payee that an ID leads to.
  public func payee(of id: FunctionalID) -> Payee? {
    if case .payee(let payee, _) = self[id] { payee } else { nil }
  }
}

extension Executor {
  /// Resolves the functional IDs of a claim's instructions; where there are none, nobody is asked.
  func resolve(_ instructions: [ClaimedInstruction]) async -> PayeeResolution {
    let ids = instructions.compactMap { claimed -> FunctionalID? in
      if case .creditFunctional(let id) = claimed.instruction.order { FunctionalID(rawValue: id) } else { nil }
    }
    return ids.isEmpty ? .none : await resolve(ids)
  }
}
