import Batch
import Beneficiaries
import Storage
import TestKit
import Testing

@Suite("The account mapper")
struct AccountMapperTests {
  private let kit: MapperKit
  init() throws { kit = try MapperKit() }

  @Test("keeps what it is told, also when it is opened again", arguments: Modality.allCases)
  func kept(modality: Modality) async throws {
    let address = modality == .bank ? "GB82WEST12345698765432" : modality == .voucher ? nil : "250788123456"
    try await kit.add("F-1", modality, address, provider: "MTN", state: .inactive)
    let first = try await kit.beneficiary("F-1")
    try await #expect(AccountMapper(path: kit.path, mustExist: true).beneficiary(first.id) == first)
    #expect(first.modality == modality && first.address == address)
    #expect(first.provider == "MTN" && first.state == .inactive)
  }

  @Test("refuses an ID that is there, and leaves it as it was") func exists() async throws {
    try await kit.add("F-1")
    let before = try await kit.beneficiary("F-1")
    await #expect(throws: BeneficiariesError.exists(before.id)) { try await kit.add("F-1", .wallet, "W") }
    #expect(try await kit.beneficiary("F-1") == before)
  }

  @Test("changes only what is named") func update() async throws {
    try await kit.add("F-1", provider: "MTN")
    var change = BeneficiaryChange()
    change.state = .inactive
    var expected = try await kit.beneficiary("F-1")
    var changed = try await kit.mapper.update(expected.id, change)
    #expect(changed.state == .inactive && changed.provider == "MTN" && changed.address == expected.address)
    change = BeneficiaryChange()
    change.provider = .some(nil)
    changed = try await kit.mapper.update(expected.id, change)
    #expect(changed.provider == nil && changed.state == .inactive)
    expected = try await kit.beneficiary("F-1")
    #expect(expected == changed)
  }

  @Test("refuses a change that makes no beneficiary") func badUpdate() async throws {
    try await kit.add("F-1", .wallet, "W-1")
    let before = try await kit.beneficiary("F-1")
    var change = BeneficiaryChange()
    change.modality = .mobileMoney
    await #expect(throws: BeneficiariesError.self) { try await kit.mapper.update(before.id, change) }
    #expect(try await kit.beneficiary("F-1") == before)
  }

  @Test("does not know whom it was not told of") func unknown() async throws {
    let id = FunctionalID(rawValue: "F-1")
    await #expect(throws: BeneficiariesError.unknown(id)) { _ = try await kit.mapper.beneficiary(id) }
    await #expect(throws: BeneficiariesError.unknown(id)) { try await kit.mapper.update(id, BeneficiaryChange()) }
  }

  @Test("finds many at once, each by its bytes") func bulk() async throws {
    // The Kelvin sign is canonically the letter K.
    let names = ["K", "\u{212A}", "B", "A"]
    for (index, name) in names.enumerated() { try await kit.add(name, .wallet, "W-\(index)") }
    let asked = (names + ["C", "A"]).map(FunctionalID.init(rawValue:))
    let found = try await kit.mapper.beneficiaries(forIDs: asked)
    #expect(found.count == 4)
    for (index, name) in names.enumerated() { #expect(found[FunctionalID(rawValue: name)]?.address == "W-\(index)") }
  }

  @Test("lists in pages, in the order of the IDs, by modality and provider") func list() async throws {
    for index in (0..<30).reversed() {
      let id = "F-\(index < 10 ? "0" : "")\(index)"
      try await kit.add(id, index % 3 == 0 ? .wallet : .proxy, "A-\(index)", provider: index % 2 == 0 ? "X" : "Y")
    }
    var query = BeneficiaryQuery()
    query.limit = 2
    query.modality = .wallet
    query.provider = "X"
    var pages: [[String]] = []
    while true {
      let page = try await kit.mapper.beneficiaries(matching: query)
      guard let last = page.last else { break }
      pages.append(page.map(\.id.rawValue))
      query.after = last.id
    }
    #expect(pages == [["F-00", "F-06"], ["F-12", "F-18"], ["F-24"]])
  }

  @Test("that is missing is not begun anew") func missing() throws {
    #expect(throws: BeneficiariesError.self) {
      _ = try AccountMapper(path: kit.directory.file("none.sqlite"), mustExist: true)
    }
  }
}
