import Batch
import LedgerWallet
import Testing
import Wallet

@Suite("A transfer in the ledger")
struct TransferTests {
  @Test("moves the amount from the partner's funding account to the payee, at once")
  func moves() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    let outcomes = await kit.wallet.submit([kit.transfer(1, of: 400)])
    #expect(outcomes.map(\.isSettled) == [true])
    #expect(try await kit.balance() == 600)
    #expect(try await kit.holding() == 400)
    #expect(try await kit.wallet.verify().areSound)
  }

  @Test("is done once, however often its reference comes, and always answered as the first time")
  func once() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    let first = await kit.wallet.submit([kit.transfer(1, of: 400)])
    kit.clock.advance()
    #expect(await kit.wallet.submit([kit.transfer(1, of: 400)]) == first)
    #expect(try await kit.balance() == 600)
  }

  @Test("is done once when one call names it twice")
  func twiceInACall() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    let outcomes = await kit.wallet.submit([kit.transfer(1, of: 400), kit.transfer(1, of: 400)])
    #expect(outcomes[0].isSettled && outcomes[0] == outcomes[1])
    #expect(try await kit.balance() == 600)
  }

  @Test("is answered as the first time even when it would be refused now")
  func repeatedWithoutFunds() async throws {
    let kit = try LedgerKit()
    try await kit.fund(400)
    let first = await kit.wallet.submit([kit.transfer(1, of: 400)])
    try await kit.wallet.setAccount(of: payee("250788123456"), in: kit.rwf, state: .inactive, maximumBalance: nil)
    #expect(await kit.wallet.submit([kit.transfer(1, of: 400)]) == first)
  }

  @Test(
    "is in doubt and pays nobody when its reference names another movement",
    arguments: [
      ("250788123456", Int64(401), "registry"), ("250788123457", 400, "registry"), ("250788123456", 400, "other"),
    ])
  func collision(id: String, amount: Int64, partner: String) async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    try await kit.fund(1_000, "other", reference: 0xF00E)
    _ = await kit.wallet.submit([kit.transfer(1, of: 400)])
    let outcomes = await kit.wallet.submit([kit.transfer(1, to: id, of: amount, from: partner)])
    #expect(outcomes.map(\.isInDoubt) == [true])
    #expect(try await kit.balance() == 600)
    #expect(try await kit.balance("other") == 1_000)
  }

  @Test("is refused when the partner does not hold the amount, and can be sent again once it does")
  func insufficient() async throws {
    let kit = try LedgerKit()
    try await kit.fund(399)
    #expect(await kit.wallet.submit([kit.transfer(1, of: 400)]).map(\.reasonCode) == [.insufficientFunds])
    #expect(await kit.wallet.status(of: [reference(1)]) == [.unknown])
    try await kit.fund(1, reference: 0xF00E)
    #expect(await kit.wallet.submit([kit.transfer(1, of: 400)]).map(\.isSettled) == [true])
    #expect(try await kit.balance() == 0)
  }

  @Test("does not spend within a call what an earlier line of it has spent")
  func insufficientWithinACall() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    let outcomes = await kit.wallet.submit([
      kit.transfer(1, of: 400), kit.transfer(2, to: "250788000002", of: 400), kit.transfer(3, of: 100),
    ])
    #expect(outcomes.map(\.reasonCode) == [nil, .insufficientFunds, nil])
    #expect(try await kit.balance() == 0)
  }

  @Test("is refused for a partner that has never had money")
  func unknownPartner() async throws {
    let kit = try LedgerKit()
    #expect(await kit.wallet.submit([kit.transfer(1)]).map(\.reasonCode) == [.insufficientFunds])
  }

  @Test("is refused when its amount is not more than zero", arguments: [Int64(0), -1, .min])
  func amount(minorUnits: Int64) async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    #expect(await kit.wallet.submit([kit.transfer(1, of: minorUnits)]).map(\.reasonCode) == [.invalidAmount])
    #expect(try await kit.balance() == 500)
  }

  @Test("is refused in a currency that the ledger does not hold")
  func currency() async throws {
    let kit = try LedgerKit {
      $0.currencies = [Currency(code: "KES")].compactMap(\.self).reduce(into: []) { $0.insert($1) }
    }
    #expect(await kit.wallet.submit([kit.transfer(1)]).map(\.reasonCode) == [.currencyNotSupported])
  }

  @Test("has a status that a new owner of the file sees: its number and the time")
  func status() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    let outcomes = await kit.wallet.submit([kit.transfer(1)])
    guard case .settled(let settlement) = outcomes[0] else {
      Issue.record("not settled")
      return
    }
    #expect(settlement.completedAt == kit.clock.now())
    #expect(try await kit.reopened().status(of: [reference(2), reference(1)]) == [.unknown, .settled(settlement)])
  }

  @Test("settles once when many calls come at the same time, and the books agree")
  func lanes() async throws {
    let kit = try LedgerKit { $0.maximumCommitSize = 50 }
    try await kit.fund(1_000_000)
    await withTaskGroup(of: Void.self) { group in
      for lane in 0..<8 {
        group.addTask {
          for round in 0..<20 {
            // Each reference comes from two lanes.
            let base = UInt64(lane / 2 * 1_000 + round * 20)
            let transfers = (0..<20).map { kit.transfer(base + $0, to: "25078800\(1_000 + $0)", of: 10) }
            let outcomes = await kit.wallet.submit(transfers)
            #expect(outcomes.allSatisfy { $0.isSettled })
          }
        }
      }
    }
    #expect(try await kit.balance() == 1_000_000 - 4 * 20 * 20 * 10)
    let books = try await kit.wallet.verify()
    #expect(books.discrepancies == [])
    #expect(books.movementCount == 1_601)
  }

  @Test("is committed in parts when a call is larger than a commit, in the order of the call")
  func largeCall() async throws {
    let kit = try LedgerKit { $0.maximumCommitSize = 7 }
    try await kit.fund(95)
    let outcomes = await kit.wallet.submit((1...20).map { kit.transfer($0, of: 5) })
    #expect(outcomes.map(\.isSettled) == Array(repeating: true, count: 19) + [false])
  }
}
