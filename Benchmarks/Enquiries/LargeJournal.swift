import Batch
import Journal
import Wallet

/// A journal of millions of instructions, made through the journal's own calls.
///
/// A year of a treasury: five partners, four programmes, a batch a day. One payee in forty is a school that many are paid
/// through; the others recur every three million lines. One line in a hundred fails, one in two thousand is in doubt, and
/// the newest of the large batches is half done.
struct LargeJournal {
  static let partners = ["social-registry", "health-fund", "north-province", "south-province", "veterans"]
  static let programs = ["VUP-DS", "VUP-PW", "HEALTH", "PENSION"]
  static let payeeCount = 3_000_000
  static let school = "SCHOOL-0001"
  /// 2026-01-01T00:00:00Z.
  static let start: Int64 = 1_767_225_600_000
  static let day: Int64 = 86_400_000
  private static let chunk = 4_096

  let journal: SQLiteJournal
  let currency: Currency
  private var batchCount = 0
  private var lineCount = 0

  init(_ journal: SQLiteJournal) throws {
    self.journal = journal
    guard let currency = Currency(code: "RWF") else { throw BenchmarkError("RWF is no currency") }
    self.currency = currency
  }

  /// Batches that have `total` lines together: a fifth in one, most in ten large ones, a tenth in small ones.
  mutating func fill(_ total: Int) async throws {
    let small = max(1, total / 2_000)
    var sizes = [total / 5] + Array(repeating: total * 7 / 100, count: 10)
    let rest = total - sizes.reduce(0, +)
    // The small ones come between the large ones.
    for index in 0..<max(1, rest / small) { sizes.insert(small, at: (index * 7) % sizes.count) }
    let largest = sizes.lastIndex { $0 > small } ?? 0
    for (index, size) in sizes.enumerated() {
      try await add(size, isOpen: index == largest)
    }
  }

  private mutating func add(_ size: Int, isOpen: Bool) async throws {
    let begun = Timestamp(millisecondsSinceEpoch: Self.start + Int64(batchCount) * Self.day + 3_600_000)
    let partner = Self.partners[batchCount % Self.partners.count]
    var header = BatchHeader(batchID: "BATCH-\(batchCount)", sourceBBID: partner, kind: .credit)
    header.programID = Self.programs[batchCount / 2 % Self.programs.count]
    batchCount += 1
    let opening = try await journal.open(header, from: partner, file: "\(header.batchID).p7m", at: begun)
    guard case .new(let batch) = opening else { throw BenchmarkError("the batch is known") }
    for first in stride(from: 0, to: size, by: Self.chunk) {
      let lines = (first..<min(first + Self.chunk, size)).map { line($0) }
      guard try await journal.append(lines, to: batch).isEmpty else { throw BenchmarkError("a repetition") }
    }
    let admitted = AdmittedBatch(header: header, contentDigest: [1], processor: "us", unknownMemberCount: 0)
    try await journal.admit(batch, as: admitted, at: begun)
    try await work(batch, from: begun, atMost: isOpen ? size / 2 : size)
  }

  private mutating func line(_ position: Int) -> Instruction {
    lineCount += 1
    let number = lineCount
    let digits = String(number)
    let id = "I-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
    let order: Instruction.Order =
      number % 40 == 0
      ? .credit(Payee(kind: .account, id: Self.school))
      : number % 3 == 0 ? .creditFunctional(id: Self.beneficiary(number)) : .credit(Self.payee(number))
    return Instruction(
      position: position, instructionID: id, order: order,
      amount: Money(minorUnits: Int64(1_000 + number % 9_000), currency: currency), narration: "November")
  }

  // Multiplied by an odd number, so that payees don't ascend.
  static func payee(_ number: Int) -> Payee {
    Payee(kind: .msisdn, id: "2507\(10_000_000 + number % payeeCount * 7_919 % payeeCount)")
  }
  static func beneficiary(_ number: Int) -> String { "RW-\(1_000_000_000 + number % payeeCount * 7_919 % payeeCount)" }

  private func work(_ batch: BatchNumber, from begun: Timestamp, atMost count: Int) async throws {
    let owner = ClaimOwner(rawValue: "benchmark")
    var left = count
    while left > 0, let claim = try await journal.claim(min(left, Self.chunk), of: batch, for: owner, at: begun) {
      left -= claim.instructions.count
      let answers = claim.instructions.map { line in
        let position = line.instruction.position
        return InstructionAnswer(
          position: position, event: event(position, from: begun),
          reference: TransferReference(high: UInt64(bitPattern: batch.rawValue), low: UInt64(position)))
      }
      try await journal.record(answers, under: claim.token, at: begun)
    }
  }

  /// Two thousand lines a second.
  private func event(_ position: Int, from begun: Timestamp) -> InstructionLifecycle.Event {
    if position % 2_000 == 7 { return .answered(.inDoubt("no answer in time")) }
    if position % 100 == 3 {
      let code: ReasonCode = position % 1_000 == 3 ? .payeeInactive : .walletRejected
      return .answered(.rejected(Reason(code, "the account does not take payments")))
    }
    let end = Timestamp(millisecondsSinceEpoch: begun.millisecondsSinceEpoch + Int64(position / 2))
    return .answered(.settled(Settlement(financialTransactionID: "T-\(position)", completedAt: end)))
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
