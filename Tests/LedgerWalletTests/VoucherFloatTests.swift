import Batch
import LedgerWallet
import Testing
import Wallet

@Suite("The voucher float of the ledger")
struct VoucherFloatTests {
  @Test("takes what is reserved from the partner, gives back what is released, pays out the rest")
  func way() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    #expect(await kit.wallet.reserve([kit.reserve(1, of: 300), kit.reserve(2, of: 200)]).allSatisfy(\.isSettled))
    #expect(try await kit.wallet.voucherFloats(of: "registry") == [kit.francs(500)])
    #expect(await kit.wallet.release([kit.reserve(3, of: 200)]).allSatisfy(\.isSettled))
    #expect(await kit.wallet.payOut(kit.reserve(4, of: 300), to: payee("merchant")).isSettled)
    #expect(try await kit.balance() == 700)
    #expect(try await kit.holding("merchant") == 300)
    #expect(try await kit.wallet.voucherFloats(of: "registry") == [kit.francs(0)])
    #expect(try await kit.wallet.verify().discrepancies == [])
  }

  @Test("moves nothing again under a known reference")
  func idempotent() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    let first = await kit.wallet.reserve([kit.reserve(1, of: 300)])
    #expect(await kit.wallet.reserve([kit.reserve(1, of: 300)]) == first)
    // The same reference the other way round is a collision.
    #expect(await kit.wallet.release([kit.reserve(1, of: 300)]).map(\.isInDoubt) == [true])
    #expect(try await kit.balance() == 700)
  }

  @Test("gives no partner what another has reserved")
  func partners() async throws {
    let kit = try LedgerKit()
    try await kit.fund(1_000)
    try await kit.fund(1_000, "other", reference: 0xF00E)
    _ = await kit.wallet.reserve([kit.reserve(1, of: 300), kit.reserve(2, of: 100, for: "other")])
    #expect(await kit.wallet.release([kit.reserve(3, of: 101, for: "other")]).map(\.reasonCode) == [.insufficientFunds])
    #expect(
      await kit.wallet.payOut(kit.reserve(4, of: 101, for: "other"), to: payee("m")).reasonCode == .insufficientFunds)
  }
}
