import Batch
import GRDB
import LedgerWallet
import Storage
import Synchronization
import TestKit
import Testing
import Wallet

@testable import Vouchers

@Suite("The index of voucher numbers")
struct NumberIndexTests {
  /// Gives numbers in order from an index on, so that two of them give the same ones.
  final class CountingSource: VoucherNumberSource, Sendable {
    private let position: Mutex<UInt64>
    init(from first: UInt64 = 0) { position = Mutex(first) }
    func next() throws(VoucherError) -> VoucherNumber {
      VoucherNumber(
        index: position.withLock { index in
          defer { index += 1 }
          return index
        })
    }
  }

  @Test("a number that some voucher has is drawn again, wherever its code is kept", arguments: [1, 7, 1_000])
  func redrawn(mergeStep: Int) async throws {
    let kit = try await VoucherKit()
    // Each transaction begins with the numbers of the first.
    let store = try await VoucherKit.open(
      kit.directory.path, clock: kit.clock, mergeStep: mergeStep, source: { CountingSource() })
    let issuer = VoucherIssuer(store: store, float: kit.ledger)
    for round in 0..<4 as Range<UInt64> {
      #expect(await issuer.issue((0..<5).map { kit.order(round * 5 + $0) }).allSatisfy { $0.isSettled })
    }
    // Another owner, which has to learn the codes from the file.
    let other = try await VoucherKit.open(
      kit.directory.path, clock: kit.clock, mergeStep: mergeStep, source: { CountingSource() })
    let otherIssuer = VoucherIssuer(store: other, float: kit.ledger)
    #expect(await otherIssuer.issue((20..<25).map { kit.order($0) }).allSatisfy { $0.isSettled })
    // And the first one again, which has to learn of the other's.
    #expect(await issuer.issue((25..<30).map { kit.order($0) }).allSatisfy { $0.isSettled })
    let vouchers = try await issuer.vouchers(for: (0..<30).map { reference($0) })
    let expected = Set((0..<30).map { VoucherNumber(index: $0).revealed() })
    #expect(Set(vouchers.compactMap { $0?.voucherNumber }) == expected)
  }

  @Test("a number is found before and after its code is merged, and not once its voucher was discarded")
  func found() async throws {
    let kit = try await VoucherKit(funds: 300, mergeStep: 2)
    for number in 1...3 as ClosedRange<UInt64> { _ = await kit.issuer.issue([kit.order(number)]) }
    let numbers = try await kit.issuer.vouchers(for: (1...3).map { reference($0) }).compactMap { $0?.voucherNumber }
    for (place, digits) in numbers.enumerated() {
      let number = try #require(VoucherNumber(digits))
      #expect(try await sequence(of: number, in: kit.store) == Int64(place + 1))
    }
    #expect(try await sequence(of: VoucherNumber(index: 77), in: kit.store) == nil)
  }

  @Test("the number of a discarded voucher may be drawn again")
  func discarded() async throws {
    let kit = try await VoucherKit(funds: 100)
    let store = try await VoucherKit.open(
      kit.directory.path, clock: kit.clock, mergeStep: 1, source: { CountingSource(from: 5) })
    let issuer = VoucherIssuer(store: store, float: kit.ledger)
    #expect(await issuer.issue([kit.order(1, worth: 101)]).map(\.reasonCode) == [.insufficientFunds])
    let fresh = try await VoucherKit.open(
      kit.directory.path, clock: kit.clock, mergeStep: 1, source: { CountingSource(from: 5) })
    #expect(await VoucherIssuer(store: fresh, float: kit.ledger).issue([kit.order(2)]).map(\.isSettled) == [true])
    let voucher = try await issuer.vouchers(for: [reference(2)])[0]
    #expect(voucher?.voucherNumber == VoucherNumber(index: 5).revealed())
    // A serial number is never given twice.
    #expect(voucher?.serialNumber == SerialNumber(sequence: 2)?.digits)
  }

  @Test("codes that were rolled back do not hide those that another process wrote in their place")
  func rolledBack() async throws {
    let kit = try await VoucherKit()
    _ = await kit.issuer.issue([kit.order(1)])
    let (_, other, otherIssuer) = try await kit.reopened()
    _ = try await taken(of: [], in: kit.store)
    _ = await otherIssuer.issue([kit.order(2), kit.order(3)])
    // As a transaction of this process leaves it that wrote two rows and failed.
    kit.store.index.wrote([11, 12])
    let codes = try await other.read { db, _ in
      try Int64.fetchAll(db, sql: "SELECT code FROM voucher ORDER BY sequence")
    }
    #expect(try await taken(of: codes + [11], in: kit.store) == Set(codes))
  }

  private func taken(of codes: [Int64], in store: VoucherStore) async throws -> Set<Int64> {
    try await store.write { db, _, _, index in try index.taken(of: codes, in: db) }
  }

  private func sequence(of number: VoucherNumber, in store: VoucherStore) async throws -> Int64? {
    try await store.read { [index = store.index] db, session in
      try index.sequence(of: session.code(of: number), in: db)
    }
  }
}
