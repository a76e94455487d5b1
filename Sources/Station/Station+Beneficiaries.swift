import Batch
public import Beneficiaries
import Cryptography
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
    let journal = try journal()
    try await accountMapper().add(beneficiary)
    try await note(.beneficiaryAdded, beneficiary, in: journal)
    return beneficiary
  }

  /// Changes what `terms` says of a beneficiary, and answers it as it is then.
  public func updateBeneficiary(_ id: String, _ terms: BeneficiaryTerms) async throws -> Beneficiary {
    let change = try terms.change()
    guard change != BeneficiaryChange() else { throw StationError.refused("nothing is named that should be changed") }
    let journal = try journal()
    let changed = try await accountMapper().update(Self.functionalID(id), change)
    try await note(.beneficiaryUpdated, changed, in: journal)
    return changed
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
    let journal = try journal()
    let report = try await accountMapper().importFile(path, format)
    var event = AuditEvent(
      .beneficiariesImported, by: actor,
      details: [
        .init("count", "\(report.count)"), .init("added", "\(report.added)"), .init("changed", "\(report.changed)"),
      ])
    event.file = path
    try await journal.note(event, at: clock.now())
    return report
  }

  /// What the pipeline asks for the accounts behind functional IDs.
  func payeeResolver() throws -> any PayeeResolver {
    MappedPayeeResolver(mapper: try accountMapper(), modalities: configuration.ledgerModalities)
  }

  /// The trail tells nobody's number: who has a number in mind finds it by its digest.
  private func note(_ action: AuditAction, _ beneficiary: Beneficiary, in journal: SQLiteJournal) async throws {
    let digest = try SHA256.digest(Array(beneficiary.id.rawValue.utf8))
    let event = AuditEvent(
      action, by: actor,
      details: [
        .init("beneficiary", "\(beneficiary)"), .init("state", beneficiary.state.name),
        .init("idDigest", String(digest.hexString.prefix(16))),
      ])
    try await journal.note(event, at: clock.now())
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

extension AuditAction {
  fileprivate static let beneficiaryAdded = Self(rawValue: "beneficiary.added")
  fileprivate static let beneficiaryUpdated = Self(rawValue: "beneficiary.updated")
  fileprivate static let beneficiariesImported = Self(rawValue: "beneficiary.imported")
}
