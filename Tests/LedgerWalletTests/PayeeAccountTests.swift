import Batch
import LedgerWallet
import Testing
import Wallet

@Suite("A payee's account in the ledger")
struct PayeeAccountTests {
  let someone = payee("250788123456")

  @Test("opens when it is first credited")
  func opens() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    #expect(try await kit.wallet.accounts(of: someone).isEmpty)
    _ = await kit.wallet.submit([kit.transfer(1)])
    #expect(try await kit.wallet.accounts(of: someone).map(\.state) == [.active])
  }

  @Test("must be there when accounts do not open themselves")
  func mustBeThere() async throws {
    let kit = try LedgerKit { $0.openOnCredit = false }
    try await kit.fund(500)
    #expect(await kit.wallet.submit([kit.transfer(1)]).map(\.reasonCode) == [.payeeNotFound])
    #expect(try await kit.wallet.holder(someone) == .unknown)
    try await kit.wallet.openAccount(of: someone, in: kit.rwf)
    #expect(try await kit.wallet.holder(someone) == .active)
    #expect(await kit.wallet.submit([kit.transfer(1)]).map(\.isSettled) == [true])
  }

  @Test("is there when a credit that is not posted yet has opened it")
  func openedByUnpostedCredit() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    _ = await kit.wallet.submit([kit.transfer(1)])
    let strict = try kit.reopened { $0.openOnCredit = false }
    #expect(await strict.submit([kit.transfer(2)]).map(\.isSettled) == [true])
  }

  @Test("takes nothing while it is inactive, and takes money again afterwards")
  func inactive() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    _ = await kit.wallet.submit([kit.transfer(1)])
    try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .inactive, maximumBalance: nil)
    #expect(try await kit.wallet.holder(someone) == .inactive)
    #expect(await kit.wallet.submit([kit.transfer(2)]).map(\.reasonCode) == [.payeeInactive])
    try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .active, maximumBalance: nil)
    #expect(await kit.wallet.submit([kit.transfer(2)]).map(\.isSettled) == [true])
    #expect(try await kit.holding() == 200)
    #expect(try await kit.wallet.verify().discrepancies == [])
  }

  @Test("that is inactive in one currency makes its holder inactive, unless another is active")
  func holderOfTwo() async throws {
    let kit = try LedgerKit()
    #expect(try await kit.wallet.holder(someone) == .active)
    try await kit.wallet.openAccount(of: someone, in: kit.rwf, state: .inactive)
    #expect(try await kit.wallet.holder(someone) == .inactive)
    try await kit.wallet.openAccount(of: someone, in: kit.kes)
    #expect(try await kit.wallet.holder(someone) == .active)
    #expect(try await kit.wallet.holder(payee("1")) == .active)
  }

  @Test("holds no more than its limit, counted over what it got before and within a call")
  func limited() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    _ = await kit.wallet.submit([kit.transfer(1, of: 100)])
    try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .active, maximumBalance: kit.francs(250))
    let outcomes = await kit.wallet.submit([
      kit.transfer(2, of: 100), kit.transfer(3, of: 51), kit.transfer(4, of: 50), kit.transfer(5, of: .max),
    ])
    #expect(outcomes.map(\.reasonCode) == [nil, .payeeNotAllowed, nil, .payeeNotAllowed])
    #expect(try await kit.holding() == 250)
    #expect(try await kit.balance() == 750)
    #expect(try await kit.wallet.verify().discrepancies == [])
  }

  @Test("can't be opened twice or set before it is there")
  func misuse() async throws {
    let kit = try LedgerKit()
    await #expect(throws: WalletError.self) {
      try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .inactive, maximumBalance: nil)
    }
    try await kit.wallet.openAccount(of: someone, in: kit.rwf, state: .inactive)
    await #expect(throws: WalletError.self) { try await kit.wallet.openAccount(of: someone, in: kit.rwf) }
    await #expect(throws: WalletError.self) {
      let wrong = Money(minorUnits: 1, currency: kit.kes)
      try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .active, maximumBalance: wrong)
    }
  }

  @Test("has the same balance before and after its credits are posted", arguments: [1, 3, 1_000])
  func posting(step: Int) async throws {
    let kit = try LedgerKit { $0.postingStep = step }
    try await kit.fund(1_000)
    for number in 1...10 as ClosedRange<UInt64> {
      _ = await kit.wallet.submit([kit.transfer(number, to: number % 2 == 0 ? "250788123456" : "1", of: 10)])
    }
    #expect(try await kit.holding() == 50)
    #expect(try await kit.holding("1") == 50)
    let books = try await kit.wallet.verify()
    #expect(books.discrepancies == [])
    #expect(books.totals == [kit.rwf: 1_000])
  }

  @Test("has what it got under a limit once, also after its credits were posted and the limit is gone")
  func postingOfLimited() async throws {
    let kit = try LedgerKit { $0.postingStep = 1 }
    try await kit.fund(1_000)
    try await kit.wallet.openAccount(of: someone, in: kit.rwf, maximumBalance: kit.francs(500))
    for number in 1...4 as ClosedRange<UInt64> { _ = await kit.wallet.submit([kit.transfer(number, of: 10)]) }
    #expect(try await kit.wallet.verify().discrepancies == [])
    try await kit.wallet.setAccount(of: someone, in: kit.rwf, state: .active, maximumBalance: nil)
    #expect(try await kit.holding() == 40)
    #expect(try await kit.wallet.verify().discrepancies == [])
  }

  @Test("of the same identifier but another kind is another account")
  func kinds() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    _ = await kit.wallet.submit([kit.transfer(1)])
    #expect(try await kit.wallet.accounts(of: Payee(kind: .wallet, id: "250788123456")).isEmpty)
  }

  @Test("has one balance for each currency")
  func currencies() async throws {
    let kit = try LedgerKit()
    try await kit.fund(500)
    let shillings = Money(minorUnits: 700, currency: kit.kes)
    try await kit.wallet.fund("registry", with: shillings, reference: reference(2))
    let transfer = Transfer(
      reference: reference(3), partner: "registry", payee: someone, amount: shillings, externalID: "I-3")
    _ = await kit.wallet.submit([kit.transfer(1), transfer])
    #expect(try await kit.wallet.accounts(of: someone).map(\.balance) == [shillings, kit.francs(100)])
    #expect(
      try await kit.wallet.balances(of: "registry") == [Money(minorUnits: 0, currency: kit.kes), kit.francs(400)])
  }
}
