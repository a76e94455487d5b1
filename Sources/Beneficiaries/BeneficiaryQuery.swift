public import Batch

/// Which beneficiaries are meant.
public struct BeneficiaryQuery: Hashable, Sendable {
  /// Of this modality only.
  public var modality: Modality?
  /// Of this provider only.
  public var provider: String?
  /// The next page: after this ID.
  public var after: FunctionalID?
  /// At most so many.
  public var limit = 50
  /// All of them, a page at a time.
  public init() {}
}

/// What is to be changed of a beneficiary; what is `nil` stays.
public struct BeneficiaryChange: Hashable, Sendable {
  /// How the money gets there.
  public var modality: Modality?
  /// The code of the provider; `.some(nil)` takes it away.
  public var provider: String??
  /// The account at the provider.
  public var address: String?
  /// Whether it is paid.
  public var state: BeneficiaryState?
  /// A change of nothing.
  public init() {}

  func applied(to present: Beneficiary) throws(BeneficiaryFault) -> Beneficiary {
    try Beneficiary(
      id: present.id, modality: modality ?? present.modality, provider: provider ?? present.provider,
      address: address ?? present.address, state: state ?? present.state)
  }
}
