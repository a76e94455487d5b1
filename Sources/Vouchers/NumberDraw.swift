internal import GRDB

/// What gives new voucher numbers; a test can give chosen ones.
protocol VoucherNumberSource {
  func next() throws(VoucherError) -> VoucherNumber
}

extension VoucherNumberGenerator: VoucherNumberSource {}

/// Numbers that no voucher has, with their codes.
struct NumberDraw {
  private var numbers: [(number: VoucherNumber, code: Int64)] = []

  /// Draws `count` different numbers; one that some voucher has is drawn again.
  init(
    _ count: Int, from source: any VoucherNumberSource, session: VaultSession, index: NumberIndex, in db: Database
  ) throws {
    var drawn: Set<Int64> = []
    numbers.reserveCapacity(count)
    while numbers.count < count {
      var fresh: [(number: VoucherNumber, code: Int64)] = []
      for _ in numbers.count..<count {
        let number = try source.next()
        let code = try session.code(of: number)
        if drawn.insert(code).inserted { fresh.append((number, code)) }
      }
      let taken = try index.taken(of: fresh.map(\.code), in: db)
      numbers += fresh.lazy.filter { !taken.contains($0.code) }
    }
  }

  /// The next number, which stays the next until it is used.
  var next: (number: VoucherNumber, code: Int64)? { numbers.last }

  /// Takes the next number out.
  mutating func use() { numbers.removeLast() }
}
