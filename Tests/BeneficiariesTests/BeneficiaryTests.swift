import Batch
import Beneficiaries
import Testing

@Suite("A beneficiary")
struct BeneficiaryTests {
  private func beneficiary(
    _ modality: Modality, _ address: String?, provider: String? = nil
  ) throws -> Beneficiary {
    try Beneficiary(
      id: FunctionalID(stated: "RW-1199880012345678"), modality: modality, provider: provider, address: address)
  }

  @Test(
    "is paid to an account of the kind that its modality has",
    arguments: [
      (Modality.bank, "GB82WEST12345698765432", Payee(kind: .iban, id: "GB82WEST12345698765432")),
      (.bank, "00040-0012345-67", Payee(kind: .account, id: "00040-0012345-67")),
      (.mobileMoney, "+250788123456", Payee(kind: .msisdn, id: "250788123456")),
      (.wallet, "W-NYABIHU-0010", Payee(kind: .wallet, id: "W-NYABIHU-0010")),
      (.proxy, "amina@bank", Payee(kind: .alias, id: "amina@bank")),
    ])
  func payee(modality: Modality, address: String, payee: Payee) throws {
    #expect(try beneficiary(modality, address).payee == payee)
  }

  @Test("that gets vouchers has no account") func voucher() throws {
    #expect(try beneficiary(.voucher, nil).payee == nil)
    #expect(try beneficiary(.voucher, "SCHOOL").payee == nil)
  }

  @Test(
    "has an IBAN whose check digits are right, in any spelling",
    arguments: ["gb82 west 1234 5698 7654 32", "DE89370400440532013000", "MT84MALT011000012345MTLCAST001S"])
  func iban(text: String) throws {
    let address = try #require(try beneficiary(.bank, text).address)
    #expect(address == text.uppercased().filter { $0 != " " })
  }

  @Test(
    "has no address that its modality can't have",
    arguments: [
      (Modality.bank, "GB83WEST12345698765432"), (.bank, "GB82"), (.bank, "GB82WEST1234569876543!"), (.bank, ""),
      (.mobileMoney, "0788123456"), (.mobileMoney, "2507"), (.mobileMoney, "2.50788E+11"), (.mobileMoney, ""),
      (.wallet, String(repeating: "W", count: 35)), (.wallet, " W-1"), (.proxy, "a\u{7}"),
    ])
  func addressFault(modality: Modality, address: String) throws {
    let error = #expect(throws: BeneficiaryFault.self) { _ = try beneficiary(modality, address) }
    #expect(error?.field == .address)
    // What is wrong is told without what it is.
    if !address.isEmpty { #expect(error?.description.contains(address) == false) }
  }

  @Test("needs an account, unless it gets vouchers", arguments: Modality.allCases) func missing(modality: Modality) {
    #expect((try? beneficiary(modality, nil)) == nil || modality == .voucher)
  }

  @Test(
    "has a provider of plain characters", arguments: ["", "M T N", "MTN\n", String(repeating: "M", count: 21), "é"])
  func provider(code: String) throws {
    let error = #expect(throws: BeneficiaryFault.self) { _ = try beneficiary(.wallet, "W", provider: code) }
    #expect(error?.field == .provider)
  }

  @Test("has an ID of 1 to 20 characters", arguments: ["", String(repeating: "1", count: 21), "1 ", " 1", "1\u{0}2"])
  func id(text: String) {
    #expect(throws: InvalidIdentifier.self) { _ = try FunctionalID(stated: text) }
  }

  @Test("prints neither its ID nor its account in full") func masked() throws {
    let beneficiary = try beneficiary(.mobileMoney, "250788123456")
    var dumped = ""
    dump(beneficiary, to: &dumped)
    for text in ["\(beneficiary)", "\(beneficiary.id)", dumped, "\(BeneficiariesError.exists(beneficiary.id))"] {
      #expect(!text.contains("1199880012345678") && !text.contains("250788123456"), "\(text)")
    }
    #expect("\(beneficiary)" == "…78, 01 (mobile money), MSISDN …56")
  }

  @Test("has a modality whose zero a spreadsheet may have lost") func code() {
    #expect(["00", "1", "02", "3", "04"].map(Modality.init(code:)) == Modality.allCases)
    #expect(["", "5", "001", "x"].allSatisfy { Modality(code: $0) == nil })
  }
}
