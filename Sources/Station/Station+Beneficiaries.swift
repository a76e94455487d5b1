import Batch
public import Beneficiaries
import Journal
import Pipeline

/// What an operator says of a beneficiary.
public struct BeneficiaryTerms: Sendable {
  /// How the money gets there: `00` to `04`.
  public var modality: String?
  /// The provider's code; `none` takes it away.
  public var provider: String?
  /// The account at the provider.
  public var address: String?
  /// Whether it is paid.
  public var state: BeneficiaryState?
  /// Terms that say nothing.
  public init() {}
}

extension Station {
  /// Adds a beneficiary to the account mapper and answers it as it was understood.
  public func addBeneficiary(_ id: String, _ terms: BeneficiaryTerms) async throws -> Beneficiary {
    let stated = try terms.change()
    guard let modality = stated.modality else { throw StationError.refused("the modality is missing") }
    let id = try Self.functionalID(id)
    let beneficiary: Beneficiary
    do throws(BeneficiaryFault) {
      beneficiary = try Beneficiary(
        id: id, modality: modality, provider: stated.provider ?? nil, address: stated.address,
        state: stated.state ?? .active)
    } catch {
      throw BeneficiariesError.invalid(error)
    }
    let mapper = try accountMapper()
    try await change(beneficiaryEvent(.beneficiaryAdded, id, stated)) { try await mapper.add(beneficiary) }
    return beneficiary
  }

  /// Changes what `terms` says of a beneficiary, and answers it as it is then.
  public func updateBeneficiary(_ id: String, _ terms: BeneficiaryTerms) async throws -> Beneficiary {
    let change = try terms.change()
    guard change != BeneficiaryChange() else { throw StationError.refused("nothing is named that should be changed") }
    let (id, mapper) = (try Self.functionalID(id), try accountMapper())
    return try await self.change(beneficiaryEvent(.beneficiaryChanged, id, change)) {
      try await mapper.update(id, change)
    }
  }

  /// The beneficiary of a functional ID.
  public func beneficiary(_ id: String) async throws -> Beneficiary {
    try await accountMapper().beneficiary(Self.functionalID(id))
  }

  /// A page of beneficiaries, in the order of their IDs.
  public func beneficiaries(
    modality: String?, provider: String?, after: String?, limit: Int
  ) async throws -> [Beneficiary] {
    var query = BeneficiaryQuery()
    query.modality = try modality.map(BeneficiaryTerms.modality)
    query.provider = provider
    query.after = after.map(FunctionalID.init(rawValue:))
    query.limit = limit
    return try await accountMapper().beneficiaries(matching: query)
  }

  /// Imports a file of beneficiaries, or standard input for `-`, whole or not at all.
  ///
  /// - Parameter format: how it is written; `nil` for what the file's extension says.
  public func importBeneficiaries(_ path: String, _ format: ImportFormat?) async throws -> ImportReport {
    guard let format = format ?? ImportFormat(extensionOf: path) else {
      throw StationError.refused(
        "\(path == "-" ? "standard input" : path) does not tell its format: name it with --format-of-file json or csv")
    }
    let mapper = try accountMapper()
    var event = AuditEvent(.beneficiariesImported, by: actor)
    event.file = path == "-" ? "standard input" : path
    return try await change(event) {
      try await mapper.importFile(path, format)
    } telling: { report in
      [
        .init("count", "\(report.count)"), .init("added", "\(report.added)"), .init("changed", "\(report.changed)"),
      ]
    }
  }

  /// The person stands masked, and so does the account: the trail is read by more people than the mapper.
  private func beneficiaryEvent(_ action: AuditAction, _ id: FunctionalID, _ change: BeneficiaryChange) -> AuditEvent {
    var details = [AuditEvent.Detail("functionalID", "\(id)")]
    if let modality = change.modality { details.append(.init("modality", modality.rawValue)) }
    if let provider = change.provider { details.append(.init("provider", provider ?? "none")) }
    if let address = change.address { details.append(.init("address", "…\(address.suffix(2))")) }
    if let state = change.state { details.append(.init("state", "\(state)")) }
    return AuditEvent(action, by: actor, details: details)
  }

  /// What the pipeline asks for the accounts behind functional IDs.
  func payeeResolver() throws -> any PayeeResolver {
    MappedPayeeResolver(mapper: try accountMapper(), modalities: configuration.ledgerModalities)
  }

  private static func functionalID(_ text: String) throws(StationError) -> FunctionalID {
    do throws(InvalidIdentifier) { return try FunctionalID(stated: text) } catch {
      throw .refused("the functional ID \(error.fault)")
    }
  }
}

extension BeneficiaryTerms {
  fileprivate func change() throws(StationError) -> BeneficiaryChange {
    var change = BeneficiaryChange()
    if let modality { change.modality = try Self.modality(modality) }
    if let provider { change.provider = .some(provider == "none" ? nil : provider) }
    change.address = address
    change.state = state
    return change
  }

  fileprivate static func modality(_ code: String) throws(StationError) -> Modality {
    guard let modality = Modality(code: code) else {
      let known = Modality.allCases.map(\.title).joined(separator: ", ")
      throw .refused("\(code) is no modality; there are \(known)")
    }
    return modality
  }
}
