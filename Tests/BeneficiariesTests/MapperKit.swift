import Batch
import TestKit
import Testing

@testable import Beneficiaries

/// An account mapper in a directory of its own.
struct MapperKit {
  let directory: TemporaryDirectory
  let mapper: AccountMapper
  var path: String { directory.file("beneficiaries.sqlite") }

  init() throws {
    directory = try TemporaryDirectory()
    mapper = try AccountMapper(path: directory.file("beneficiaries.sqlite"))
  }

  func add(
    _ id: String, _ modality: Modality = .mobileMoney, _ address: String? = "250788123456", provider: String? = nil,
    state: BeneficiaryState = .active
  ) async throws {
    try await mapper.add(
      Beneficiary(
        id: FunctionalID(rawValue: id), modality: modality, provider: provider, address: address, state: state))
  }

  func beneficiary(_ id: String) async throws -> Beneficiary {
    try await mapper.beneficiary(FunctionalID(rawValue: id))
  }

  /// Every ID of the mapper.
  func ids() async throws -> [String] {
    var query = BeneficiaryQuery()
    query.limit = 1_000_000
    return try await mapper.beneficiaries(matching: query).map(\.id.rawValue)
  }

  func importFile(
    _ text: some Sequence<UInt8>, _ format: ImportFormat, chunkSize: Int = AccountMapper.chunkSize
  ) async throws -> ImportReport {
    let path = try directory.write(text, as: "import")
    return try await mapper.importFile(path, format, chunkSize: chunkSize)
  }

  func importCSV(_ text: String, chunkSize: Int = AccountMapper.chunkSize) async throws -> ImportReport {
    try await importFile(text.utf8, .csv, chunkSize: chunkSize)
  }

  func importJSON(_ text: String) async throws -> ImportReport { try await importFile(text.utf8, .json) }

  /// The problems of a file that is not imported.
  func problems(_ text: String, _ format: ImportFormat) async throws -> [String] {
    let error = await #expect(throws: BeneficiariesError.self) { _ = try await importFile(text.utf8, format) }
    guard case .rejected(let rejection)? = error else {
      Issue.record("\(String(describing: error)) is no rejection")
      return []
    }
    #expect(try await ids().isEmpty)
    return rejection.problems.map { "\($0)" }
  }
}
