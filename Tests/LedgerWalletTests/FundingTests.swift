import Batch
import GRDB
import LedgerWallet
import Testing
import Wallet

@Suite("Funding and the books")
struct FundingTests {
  @Test("funding is done once for a reference and answers what the partner holds")
  func funding() async throws {
    let kit = try LedgerKit()
    #expect(try await kit.wallet.fund("registry", with: kit.francs(10), reference: reference(1)) == kit.francs(10))
    #expect(try await kit.wallet.fund("registry", with: kit.francs(10), reference: reference(1)) == kit.francs(10))
    #expect(try await kit.wallet.fund("registry", with: kit.francs(5), reference: reference(2)) == kit.francs(15))
  }

  @Test("funding beyond what a ledger can count is refused and changes nothing")
  func overflow() async throws {
    let kit = try LedgerKit()
    try await kit.fund(.max)
    await #expect(throws: WalletError.self) { try await kit.fund(1, "other", reference: 2) }
    #expect(try await kit.balance("other") == 0)
    #expect(try await kit.wallet.verify().discrepancies == [])
  }

  @Test(
    "an examination finds what was changed behind the ledger's back",
    arguments: [
      "UPDATE account SET balance = balance + 1 WHERE kind = 2",
      "UPDATE account SET balance = balance + 1 WHERE kind = 2; UPDATE account SET balance = balance - 1 WHERE kind = 1",
      "UPDATE payee_account SET balance = balance + 1",
      "UPDATE payee_account SET balance = balance + CASE payee WHEN x'0161' THEN 1 ELSE -1 END",
      "UPDATE movement SET amount = amount + 1 WHERE payee IS NOT NULL",
      "DELETE FROM movement WHERE sequence = 3",
    ])
  func tampered(sql: String) async throws {
    let kit = try LedgerKit { $0.postingStep = 1 }
    try await kit.fund(1_000)
    _ = await kit.wallet.submit([kit.transfer(1, to: "a"), kit.transfer(2, to: "b")])
    // The step after the commit is over once the next commit is answered.
    _ = await kit.wallet.submit([kit.transfer(1, to: "a")])
    _ = await kit.wallet.submit([kit.transfer(1, to: "a")])
    #expect(try await kit.wallet.verify().discrepancies == [])
    try await DatabaseQueue(path: kit.path).write { try $0.execute(sql: sql) }
    #expect(try await !kit.wallet.verify().areSound)
  }

  @Test(
    "a random life of the ledger ends with the balances that a simple model has",
    arguments: 1...5 as ClosedRange<UInt64>)
  func model(seed: UInt64) async throws {
    let kit = try LedgerKit { $0.postingStep = 40 }
    try await kit.fund(50_000)
    var random = SeededGenerator(seed: seed)
    var balances: [String: Int64] = [:]
    var funding: Int64 = 50_000
    var seen: [UInt64: (id: String, amount: Int64)] = [:]
    for _ in 0..<60 {
      let transfers = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        let number = UInt64.random(in: 1...400, using: &random)
        let first =
          seen[number] ?? (
            ["a", "b", "c", "d"].randomElement(using: &random) ?? "a", .random(in: 1...900, using: &random)
          )
        return (number, first.id, first.amount)
      }
      let outcomes = await kit.wallet.submit(transfers.map { kit.transfer($0.0, to: $0.1, of: $0.2) })
      for ((number, id, amount), outcome) in zip(transfers, outcomes) {
        if let first = seen[number] {
          #expect(first == (id, amount) ? outcome.isSettled : outcome.isInDoubt)
        } else if amount > funding {
          #expect(outcome.reasonCode == .insufficientFunds)
        } else {
          #expect(outcome.isSettled)
          seen[number] = (id, amount)
          funding -= amount
          balances[id, default: 0] += amount
        }
      }
    }
    #expect(try await kit.balance() == funding)
    for (id, balance) in balances { #expect(try await kit.holding(id) == balance) }
    #expect(try await kit.wallet.verify().discrepancies == [])
  }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
