import Batch
import Beneficiaries
import Pipeline

/// Finds payees in the account mapper, of those ways of payment that a wallet is configured for.
struct MappedPayeeResolver: PayeeResolver {
  let mapper: AccountMapper
  /// The ways of payment that the wallet serves.
  let modalities: Set<Modality>

  func resolve(_ functionalIDs: [FunctionalID]) async throws -> [FunctionalID: ResolvedPayee] {
    try await mapper.beneficiaries(forIDs: functionalIDs).mapValues { beneficiary in
      guard beneficiary.state == .active else { return .inactive }
      guard modalities.contains(beneficiary.modality), let payee = beneficiary.payee else {
        return .noWallet(modality: beneficiary.modality.title)
      }
      return .payee(payee, provider: beneficiary.provider)
    }
  }
}
