import Batch
import Glibc
import TestKit
import Testing

@testable import Beneficiaries

@Suite("An import of beneficiaries")
struct ImportTests {
  private let kit: MapperKit
  init() throws { kit = try MapperKit() }

  private static let header = "payeeFunctionalID,paymentModality,provider,financialAddress,state\n"

  @Test(
    "reads an array, GovStack's object, and that of its reference implementation",
    arguments: [
      #"[{"payeeFunctionalID":"F-1","paymentModality":"01","financialAddress":"+250788123456","provider":"MTN"}]"#,
      #"""
      {"requestID":"R","sourceBBID":"S","beneficiaries":[{"payeeIdentity":"F-1","paymentModality":"01",
       "financialAddress":"250788123456","bankingInstitutionCode":"MTN","state":null}]}
      """#,
      #"""
      {"Beneficiaries":[{"PaymentModality":"01","FinancialAddress":"250788123456","PayeeFunctionalID":"F-1",
       "fspCode":"MTN"}],"RequestID":"R"}
      """#,
    ])
  func shapes(text: String) async throws {
    #expect(try await kit.importJSON(text).added == 1)
    let beneficiary = try await kit.beneficiary("F-1")
    #expect(beneficiary.payee == Payee(kind: .msisdn, id: "250788123456"))
    #expect(beneficiary.provider == "MTN" && beneficiary.state == .active)
  }

  @Test("reads rows with columns in any order, quotation marks, line breaks in a field, and a byte order mark")
  func table() async throws {
    let text =
      "\u{FEFF}state,financialAddress,\"note\",PayeeFunctionalID,modality\r\n"
      + "inactive,\"W \"\"one\"\", two\",\"a\r\nb\",F-1,03\r\n" + "\r\n" + ",250788123456,,\"F,2\",1"
    let report = try await kit.importCSV(text)
    #expect(report.count == 2 && report.added == 2 && report.ignoredMemberCount == 2)
    let first = try await kit.beneficiary("F-1")
    #expect(first.address == #"W "one", two"# && first.state == .inactive)
    #expect(try await kit.beneficiary("F,2").address == "250788123456")
  }

  @Test("that is repeated changes nothing") func repeated() async throws {
    let text = Self.header + (0..<50).map { "F-\($0),03,,W-\($0),\n" }.joined()
    #expect(try await kit.importCSV(text, chunkSize: 7).added == 50)
    let again = try await kit.importCSV(text, chunkSize: 7)
    #expect(again.unchanged == 50 && again.added == 0 && again.changed == 0 && again.count == 50)
  }

  @Test("takes the place of what is there, and opens nobody again of whose state it says nothing")
  func replaced() async throws {
    try await kit.add("F-1", .wallet, "W-1", provider: "X", state: .inactive)
    try await kit.add("F-2", .wallet, "W-2", state: .inactive)
    let report = try await kit.importCSV(Self.header + "F-1,03,,W-9,\nF-2,03,,W-2,active\n")
    #expect(report.changed == 2)
    let first = try await kit.beneficiary("F-1")
    #expect(first.address == "W-9" && first.provider == nil && first.state == .inactive)
    #expect(try await kit.beneficiary("F-2").state == .active)
  }

  @Test("with an error writes nothing, and tells each error with its line") func rowErrors() async throws {
    let rows = [
      "F-1,03,,W-1,", "F-2,07,,W-2,", "F-3,01,,0788,", ",03,,W-4,", "F-5,03,,W-5,closed", "F-6,03,M N,W-6,",
      "F-7,03,,W-7", "F-8,03,,W-8,,", "\"F-9\"x,03,,W,", "F\"10,03,,W,", "F-11,00,,GB83WEST12345698765432,",
      "F-123456789012345678901,03,,W,",
    ]
    let problems = try await kit.problems(Self.header + rows.joined(separator: "\n"), .csv)
    #expect(
      problems == [
        "line 3: paymentModality: is not 00, 01, 02, 03 or 04",
        "line 4: financialAddress: the MSISDN is not 8 to 15 digits with the country code first",
        "line 5: payeeFunctionalID: is missing", "line 6: state: is not active or inactive",
        "line 7: provider: has a character other than A-Z a-z 0-9 . _ : -",
        "line 8: the row has 4 fields, the header has 5", "line 9: the row has 6 fields, the header has 5",
        "line 10: text stands behind a closing quotation mark",
        "line 11: a quotation mark stands within a field that does not begin with one",
        "line 12: financialAddress: begins as an IBAN does, and its check digits are wrong",
        "line 13: payeeFunctionalID: has 23 characters, at most 20 are allowed",
      ])
  }

  @Test("of JSON with an error writes nothing, and tells each error with its pointer") func entryErrors() async throws {
    let entries = [
      #"{"payeeFunctionalID":"F-1","paymentModality":"03","financialAddress":"W"}"#, "7",
      #"{"payeeFunctionalID":2,"paymentModality":"03","financialAddress":"W"}"#,
      #"{"payeeFunctionalID":"F-3","paymentModality":"03"}"#,
      #"{"payeeFunctionalID":"F-4","payeeIdentity":"F-5","paymentModality":"03","financialAddress":"W"}"#,
      #"{"payeeFunctionalID":"F-6","paymentModality" "03"}"#,
    ]
    let text = #"{"beneficiaries":["# + entries.joined(separator: ",") + "]}"
    #expect(
      try await kit.problems(text, .json) == [
        "/beneficiaries/1: must be an object, not a number",
        "/beneficiaries/2: payeeFunctionalID: must be a string, not a number",
        "/beneficiaries/3: financialAddress: is missing", "/beneficiaries/4: payeeFunctionalID: is named twice",
        "/beneficiaries/5: '\"' stands where a colon is expected, at byte 356",
      ])
  }

  @Test(
    "of what is no such file tells what is missing",
    arguments: [
      ("", ImportFormat.json, "byte 0: the document is empty"),
      (#"{"people":[]}"#, .json, "byte 0: the document is no array, and has no array beneficiaries"),
      (#"[{"payeeFunctionalID":"F-1"#, .json, "byte 26: the document ends before its last bracket"),
      ("", .csv, "line 1: the header row is missing"),
      ("F-1,03\n", .csv, "line 1: the header row names no column payeeFunctionalID; columns are separated by commas"),
      (
        "id;modality\n", .csv,
        "line 1: the header row names no column payeeFunctionalID; columns are separated by commas"
      ),
      ("id,modality,id\n", .csv, "line 1: two columns are payeeFunctionalID"),
      ("id,modality\nF-1,02\n\"F-2,02\n", .csv, "line 3: a quotation mark is not closed"),
    ])
  func noFile(text: String, format: ImportFormat, problem: String) async throws {
    #expect(try await kit.problems(text, format).first == problem)
  }

  @Test("in another encoding than UTF-8 is refused with the line") func encoding() async throws {
    let text = Array("id,modality,address\n".utf8) + Array("F-1,03,Caf".utf8) + [0xE9, 0x0A]
    let error = await #expect(throws: BeneficiariesError.self) { _ = try await kit.importFile(text, .csv) }
    #expect("\(String(describing: error))".contains("it is not UTF-8"))
  }

  @Test("with one ID twice is taken if both entries say the same, and refused if not") func repetition() async throws {
    #expect(try await kit.importCSV(Self.header + "F-1,03,,W-1,\nF-1,03,,W-1,\n").added == 1)
    let kit = try MapperKit()
    let problems = try await kit.problems(
      Self.header + "F-1,03,,W-1,\nF-2,03,,W-1,\nF-1,03,,W-2,\nF-1,03,,W-1,\nF-1,03,,W-1,inactive\n", .csv)
    #expect(
      problems == [4, 6].map { "line \($0): payeeFunctionalID: the same ID stands at line 2 with other content" })
  }

  @Test("counts all errors and lists the first thousand") func many() async throws {
    let text = Self.header + (0..<1_500).map { "F-\($0),9,,W,\n" }.joined()
    let error = await #expect(throws: BeneficiariesError.self) { _ = try await kit.importCSV(text) }
    guard case .rejected(let rejection)? = error else { return }
    #expect(rejection.problems.count == 1_000 && rejection.problemCount == 1_500)
  }

  @Test("counts all contradictions and lists the first thousand") func manyRepetitions() async throws {
    let text = Self.header + (0..<1_500).map { "F-\($0),03,,W-1,\nF-\($0),03,,W-2,\n" }.joined()
    let error = await #expect(throws: BeneficiariesError.self) { _ = try await kit.importCSV(text) }
    guard case .rejected(let rejection)? = error else { return }
    #expect(rejection.problems.count == 1_000 && rejection.problemCount == 1_500)
  }

  @Test("tells nobody's ID or address in its errors") func masked() async throws {
    let text = Self.header + "RW-1199880012345678,01,MTN,0788123456,x\nRW-1199880012345678,03,,W,\n"
    #expect(try await kit.problems(text, .csv).allSatisfy { !$0.contains("11998800") && !$0.contains("0788123456") })
  }

  @Test("of a pipe is refused, which can be read once only") func pipe() async throws {
    let path = kit.directory.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    await #expect(throws: BeneficiariesError.notRepeatable(path: path)) {
      _ = try await kit.mapper.importFile(path, .csv)
    }
  }
}
