import Foundation
import TestKit
import Testing

@Suite("The account mapper on the command line") struct BeneficiaryTests {
  private let home: TestHome
  init() throws { home = try TestHome() }

  private func add(_ id: String, _ modality: String, _ address: String?, _ options: String...) throws {
    let address = address.map { ["--address", $0] } ?? []
    try home.expectSuccess(["beneficiary", "add", id, "--modality", modality] + address + options)
  }

  private func line(_ number: Int, to id: String, _ amount: Int = 100) -> String {
    #"{"instructionID":"B-1-\#(number)","payeeFunctionalID":"\#(id)","amount":\#(amount)}"#
  }

  @Test("adds a beneficiary and shows it in full") func add() throws {
    let added = try home.report([
      "beneficiary", "add", "RW-1", "--modality", "01", "--provider", "MTN", "--address", "+250788123456",
    ])
    #expect(added.status == 0, "\(added)")
    let shown = try home.report(["beneficiary", "show", "RW-1"])
    #expect(try shown.json["beneficiary"].names == added.json["beneficiary"].names)
    let beneficiary = try shown.json["beneficiary"]
    #expect(beneficiary["payeeFunctionalID"].text == "RW-1")
    #expect(beneficiary["paymentModality"].text == "01")
    #expect(beneficiary["provider"].text == "MTN")
    #expect(beneficiary["financialAddress"].text == "250788123456")
    #expect(beneficiary["state"].text == "active")
    #expect(
      try home.run(["beneficiary", "show", "RW-1"]).stdout.contains("RW-1  01 (mobile money)  MTN       250788123456"))
  }

  @Test("refuses to add one that is there, or that breaks a rule, and names neither in full") func refused() throws {
    try add("RW-1199880012345678", "01", "250788123456")
    for arguments in [
      ["RW-1199880012345678", "--modality", "01", "--address", "250788123457"],
      ["RW-1199880012345679", "--modality", "01", "--address", "0788123457"],
      ["RW-1199880012345679", "--modality", "00", "--address", "GB83WEST12345698765432"],
      ["RW-1199880012345679", "--modality", "05", "--address", "250788123457"],
      ["RW-11998800123456790123", "--modality", "01", "--address", "250788123457"],
    ] {
      let result = try home.report(["beneficiary", "add"] + arguments)
      #expect(result.status == 64, "\(result)")
      #expect(try result.json["error"]["code"].text == "refused")
      for secret in ["11998800", "788123457", "12345698"] { #expect(!result.description.contains(secret), "\(result)") }
    }
  }

  @Test("changes only what is named") func update() throws {
    try add("RW-1", "01", "250788123456", "--provider", "MTN")
    try home.expectSuccess(["beneficiary", "update", "RW-1", "--state", "inactive"])
    let report = try home.report(["beneficiary", "update", "RW-1", "--address", "250788123457", "--provider", "none"])
    let beneficiary = try report.json["beneficiary"]
    #expect(beneficiary["state"].text == "inactive")
    #expect(beneficiary["provider"].isNull)
    #expect(beneficiary["financialAddress"].text == "250788123457")
    #expect(try home.run(["beneficiary", "update", "RW-1"]).status == 64)
    #expect(try home.run(["beneficiary", "update", "RW-2", "--state", "active"]).status == 64)
  }

  @Test("lists a page after another, by modality and provider") func list() throws {
    for index in 1...5 { try add("RW-\(index)", index == 3 ? "03" : "01", "25078812345\(index)", "--provider", "MTN") }
    let options = ["beneficiary", "list", "--modality", "01", "--provider", "MTN", "--limit", "2"]
    let first = try home.report(options).json["beneficiaries"].elements.map(\.["payeeFunctionalID"].text)
    #expect(first == ["RW-1", "RW-2"])
    let next = try home.report(options + ["--after", "RW-2"]).json["beneficiaries"].elements
    #expect(next.map(\.["payeeFunctionalID"].text) == ["RW-4", "RW-5"])
  }

  @Test("imports a file, from standard input as well, and changes nothing the second time") func importing() throws {
    let text = "id,modality,address\nRW-1,01,250788123456\nRW-2,03,W-2\n"
    let file = try home.directory.write(text.utf8, as: "people.csv")
    let first = try home.report(["beneficiary", "import", file])
    #expect(first.status == 0, "\(first)")
    #expect(try first.json["added"].text == "2")
    let second = try home.run(
      ["beneficiary", "import", "-", "--format-of-file", "csv", "--format", "json"], input: Array(text.utf8))
    #expect(try second.json["unchanged"].text == "2")
    #expect(try home.run(["beneficiary", "import", "-"], input: Array(text.utf8)).status == 64)
  }

  @Test("imports nothing of a file with errors, and lists them") func rejected() throws {
    let text = "id,modality,address\nRW-1,01,250788123456\nRW-2,09,W-2\nRW-3,01,12\n"
    let file = try home.directory.write(text.utf8, as: "people.csv")
    let report = try home.report(["beneficiary", "import", file])
    #expect(report.status == 65)
    #expect(try report.json["error"]["code"].text == "import-rejected")
    #expect(try report.json["errorCount"].text == "2")
    #expect(try report.json["errors"].elements.map(\.["line"].text) == ["3", "4"])
    #expect(report.stderr.contains("hint:  nothing was imported"))
    #expect(try home.report(["beneficiary", "list"]).json["beneficiaries"].elements.isEmpty)
  }

  @Test("pays a batch of every modality, and fails each line that has no wallet, with its reason") func mixed() throws {
    try add("F-00", "00", "GB82WEST12345698765432", "--provider", "BK")
    try add("F-01", "01", "250788123456", "--provider", "MTN")
    try add("F-02", "02", nil)
    try add("F-03", "03", "W-1")
    try add("F-04", "04", "amina@bank")
    try add("F-05", "01", "250788123457", "--state", "inactive")
    let ids = ["F-00", "F-01", "F-02", "F-03", "F-04", "F-05", "F-06"]
    let lines = ids.enumerated().map { line($0.offset, to: $0.element) }
    let direct = BatchDocument.credit("B-1-d", "100", to: "250788123456")
    let report = try home.process(home.sealed(BatchDocument("B-1", lines: lines + [direct])))
    #expect(report.status == 2, "\(report)")
    let results = try home.result(of: report)["results"].elements
    let reasons = results.map { "\($0["reason"]["code"].text ?? "paid"): \($0["reason"]["message"].text ?? "")" }
    #expect(
      reasons == [
        "payee-not-allowed: no wallet is configured for modality 00 (bank)", "paid: ",
        "payee-not-allowed: no wallet is configured for modality 02 (voucher)", "paid: ",
        "payee-not-allowed: no wallet is configured for modality 04 (proxy)",
        "payee-inactive: the beneficiary is inactive", "payee-not-found: no account is mapped for this functional ID",
        "paid: ",
      ])
    #expect(try home.received("250788123456") == 200)
    #expect(try home.received("W-1", type: "WALLET") == 100)
    #expect(try home.balance() == TestHome.funded - 300)
  }

  @Test("pays the ways that the configuration names") func configured() throws {
    try add("F-00", "00", "gb82 west 1234 5698 7654 32")
    try add("F-01", "01", "250788123456")
    try add("F-04", "04", "amina@bank")
    let lines = ["F-00", "F-01", "F-04"].enumerated().map { line($0.offset, to: $0.element) }
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\nledger:\n  modalities: \"00, 04\"\n" }
    let report = try home.process(home.sealed(BatchDocument("B-1", lines: lines)))
    let results = try home.result(of: report)["results"].elements
    #expect(results.map(\.["status"].text) == ["SUCCESSFUL", "FAILED", "SUCCESSFUL"])
    #expect(try home.received("GB82WEST12345698765432", type: "IBAN") == 100)
    #expect(try home.received("amina@bank", type: "ALIAS") == 100)
  }

  @Test("refuses a configuration with a way that no wallet can serve", arguments: ["02", "mobile", "01;03"])
  func misconfigured(modalities: String) throws {
    let result = try home.run(["partner", "list"], environment: ["DISBURSE_LEDGER_MODALITIES": modalities])
    #expect(result.status == 78, "\(result)")
  }
}
