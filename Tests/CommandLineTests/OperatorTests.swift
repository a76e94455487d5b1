import Station
import TestKit
import Testing

@Suite("What an operator may say") struct OperatorTests {
  @Test("the limits of a partner are lifted", arguments: ["none", ""])
  func limits(word: String) throws {
    let home = try TestHome()
    try home.update(
      "--max-batch", "50RWF", "--max-batch", "5EUR", "--max-instruction", "50RWF", "--max-instruction", "5EUR")
    let file = try home.sealed(.payments("B-1", [100]))
    #expect(try home.report(["check", file]).status != 0)
    try home.update("--max-batch", word, "--max-instruction", word, "--max-instruction", "6EUR")
    let shown = try home.report(["partner", "show", TestHome.partner]).json
    #expect(shown["maxBatch"].names == [])
    #expect(shown["maxInstruction"].names == ["EUR"])
    #expect(try home.process(file).status == 0)
  }

  @Test(
    "an account that no batch can name is not opened",
    arguments: ["0788123456", "25078812345a", "1234567", "1234567890123456"])
  func msisdn(id: String) throws {
    let home = try TestHome()
    let result = try home.run(["wallet", "account", "open", "MSISDN", id, "--currency", "RWF"])
    #expect(result.status == 64, "\(result)")
    #expect(result.stderr.contains("MSISDN"), "\(result)")
  }

  @Test("an account is opened in every currency of the ledger, whoever brought it") func currencies() throws {
    let home = try TestHome()
    try home.expectSuccess(["wallet", "account", "open", "WALLET", "W-1", "--currency", "KES"])
    try home.expectSuccess(["partner", "remove", TestHome.partner])
    try home.expectSuccess(["wallet", "account", "open", "MSISDN", "+250788123456"])
    let accounts = try home.report(["wallet", "account", "show", "MSISDN", "250788123456"]).json["balances"].elements
    #expect(accounts.map(\.["currency"].text) == ["KES", "RWF"])
  }

  @Test("a funding that has a reference moves money once, and never another amount") func funding() async throws {
    let home = try TestHome()
    let station = try await Station(openingHomeAt: home.path)
    func fund(_ amount: String, _ reference: String?) async throws {
      _ = try await station.fund(partner: TestHome.partner, amount: amount, currency: "RWF", reference: reference)
    }
    for _ in 1...2 { try await fund("500", "statement 7/3") }
    #expect(try home.balance() == TestHome.funded + 500)
    try await fund("500", "statement 7/4")
    for _ in 1...2 { try await fund("1", nil) }
    #expect(try home.balance() == TestHome.funded + 1_002)
    let failure = await #expect(throws: (any Error).self) { try await fund("501", "statement 7/3") }
    #expect(failure.flatMap { Failure($0) }?.kind == .usage)
    await #expect(throws: (any Error).self) { try await fund("500", "") }
    #expect(try home.balance() == TestHome.funded + 1_002)
  }
}
