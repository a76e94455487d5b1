import Batch
import Testing
import Vouchers

@Suite("A voucher group")
struct VoucherGroupTests {
  @Test("is kept, listed in order, and shown")
  func kept() async throws {
    let kit = try await VoucherKit()
    try await kit.store.addGroup(VoucherGroup(code: "CASH", expiresAfterDays: 30, description: "cash", capacity: 5))
    #expect(try await kit.store.groups().map(\.code) == ["CASH", "FOOD"])
    let cash = try await kit.store.group("CASH")
    #expect(cash.expiresAfterDays == 30 && cash.description == "cash" && cash.capacity == 5 && cash.issuedCount == 0)
    await #expect(throws: VoucherError.noSuchGroup("NONE")) { try await kit.store.group("NONE") }
  }

  @Test("has a code of its own")
  func twice() async throws {
    let kit = try await VoucherKit()
    await #expect(throws: VoucherError.groupExists("FOOD")) {
      try await kit.store.addGroup(VoucherGroup(code: "FOOD", expiresAfterDays: 1))
    }
  }

  @Test("is refused with a code, lifetime or capacity out of range")
  func refused() {
    for code in ["", "A B", "ÄPFEL", String(repeating: "x", count: 21)] {
      #expect(throws: VoucherError.self) { try VoucherGroup(code: code, expiresAfterDays: 1) }
    }
    #expect(throws: VoucherError.self) { try VoucherGroup(code: "A", expiresAfterDays: 0) }
    #expect(throws: VoucherError.self) { try VoucherGroup(code: "A", expiresAfterDays: 1, capacity: 0) }
  }

  @Test("issues no more than its capacity, and what had no money takes no room")
  func capacity() async throws {
    let kit = try await VoucherKit(funds: 1_000, capacity: 3)
    #expect(await kit.issuer.issue([kit.order(1, worth: 5_000)]).map(\.reasonCode) == [.insufficientFunds])
    let outcomes = await kit.issuer.issue((2...5).map { kit.order($0) })
    #expect(outcomes.map(\.reasonCode) == [nil, nil, nil, .voucherGroupExhausted])
    #expect(try await kit.store.group("FOOD").issuedCount == 3)
    // A full group still answers for what it has issued.
    #expect(await kit.issuer.issue([kit.order(2)]) == [outcomes[0]])
    try await kit.expectFloatEqualsVouchers()
  }
}
