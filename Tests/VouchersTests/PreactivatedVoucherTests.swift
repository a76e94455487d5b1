import Batch
import LedgerWallet
import Testing
import Vouchers
import Wallet

@Suite("A pre-activated voucher")
struct PreactivatedVoucherTests {
  @Test("is worth nothing until an order activates it by its serial number")
  func activated() async throws {
    let kit = try await VoucherKit()
    let serials = try await kit.store.preactivate(3, in: "FOOD", worth: kit.francs(100))
    #expect(try await kit.store.liveTotals().isEmpty)
    let order = kit.order(1, payee: "A", serial: serials[1].digits)
    let first = await kit.issuer.issue([order])
    #expect(first.map(\.isSettled) == [true])
    #expect(try await kit.issuer.vouchers(for: [reference(1)])[0]?.serialNumber == serials[1].digits)
    #expect(await kit.issuer.issue([order]) == first)
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("is activated by one order only")
  func once() async throws {
    let kit = try await VoucherKit()
    let serial = try await kit.store.preactivate(1, in: "FOOD", worth: kit.francs(100))[0].digits
    let outcomes = await kit.issuer.issue([kit.order(1, serial: serial), kit.order(2, serial: serial)])
    #expect(outcomes.map(\.reasonCode) == [nil, .voucherState])
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("is not activated for other terms, and an unknown one is not found")
  func terms() async throws {
    let kit = try await VoucherKit()
    try await kit.store.addGroup(VoucherGroup(code: "CASH", expiresAfterDays: 30))
    let serial = try await kit.store.preactivate(1, in: "FOOD", worth: kit.francs(100))[0].digits
    let unknown = try #require(SerialNumber(serial)).digits.replacingLast
    let outcomes = await kit.issuer.issue([
      kit.order(1, worth: 99, serial: serial), kit.order(2, group: "CASH", serial: serial),
      kit.order(3, group: "NONE", serial: serial), kit.order(4, serial: unknown),
      kit.order(5, serial: "9000000000099996"), kit.order(6, serial: serial),
    ])
    #expect(
      outcomes.map(\.reasonCode)
        == [.voucherState, .voucherState, .voucherGroupUnknown, .voucherNotFound, .voucherNotFound, nil])
  }

  @Test("stays in stock when the partner can't pay for it")
  func unpaid() async throws {
    let kit = try await VoucherKit(funds: 50)
    let serial = try await kit.store.preactivate(1, in: "FOOD", worth: kit.francs(100))[0].digits
    #expect(await kit.issuer.issue([kit.order(1, serial: serial)]).map(\.reasonCode) == [.insufficientFunds])
    try await kit.ledger.fund("registry", with: kit.francs(50), reference: TransferReference(high: 1, low: 2))
    #expect(await kit.issuer.issue([kit.order(2, serial: serial)]).map(\.isSettled) == [true])
    try await kit.expectFloatEqualsVouchers()
  }

  @Test("is not made in an unknown group, or beyond the group's capacity")
  func refused() async throws {
    let kit = try await VoucherKit(capacity: 2)
    await #expect(throws: VoucherError.noSuchGroup("NONE")) {
      try await kit.store.preactivate(1, in: "NONE", worth: kit.francs(100))
    }
    await #expect(throws: VoucherError.self) { try await kit.store.preactivate(3, in: "FOOD", worth: kit.francs(100)) }
    #expect(try await kit.store.group("FOOD").issuedCount == 0)
  }
}

extension String {
  /// The same digits with another last one.
  fileprivate var replacingLast: String { String(dropLast()) + (hasSuffix("0") ? "1" : "0") }
}
