import Batch
import Foundation
import Glibc
import Journal
import Storage
import Testing
import Wallet

/// Directories of their own for tests, all gone when the test process ends.
enum TemporaryDirectory {
  private static let base: String = {
    let path = "/tmp/disburse-journal-\(getpid())-\(UInt32.random(in: .min ... .max))"
    mkdir(path, 0o700)
    atexit { try? FileManager.default.removeItem(atPath: TemporaryDirectory.base) }
    return path
  }()

  static func make() -> String {
    let path = "\(base)/\(UInt64.random(in: .min ... .max))"
    mkdir(path, 0o700)
    return path
  }
}

/// A journal that the conformance suite runs over: how to make one, and how to come back to it as another process.
struct JournalUnderTest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Answers a journal that is empty, and a function that opens the same one again beside it.
  let make: @Sendable () throws -> (journal: any Journal, again: @Sendable () throws -> any Journal)

  static let all = [
    JournalUnderTest(testDescription: "SQLite") {
      let path = TemporaryDirectory.make() + "/journal.sqlite"
      let open: @Sendable () throws -> any Journal = { try SQLiteJournal(path: path) }
      return (try open(), open)
    }
  ]
}

let now = Timestamp(millisecondsSinceEpoch: 1_790_000_000_000)
let later = Timestamp(millisecondsSinceEpoch: 1_790_000_060_000)
let me = ClaimOwner(rawValue: "me")
let other = ClaimOwner(rawValue: "other")

func rwf(_ minorUnits: Int64) throws -> Money {
  Money(minorUnits: minorUnits, currency: try #require(Currency(code: "RWF")))
}

func header(_ batchID: String = "B-1") -> BatchHeader {
  BatchHeader(batchID: batchID, sourceBBID: "registry", kind: .credit)
}

/// A credit of `100 + position` francs.
func line(_ position: Int, id: String? = nil, refusal: Reason? = nil) throws -> Instruction {
  Instruction(
    position: position, instructionID: id ?? "I-\(position)",
    order: .credit(Payee(kind: .msisdn, id: "25078800\(position)")), amount: try rwf(100 + Int64(position)),
    narration: "November", refusal: refusal)
}

func lines(_ range: Range<Int>) throws -> [Instruction] { try range.map { try line($0) } }

func reference(_ position: Int, attempt: Int = 1) -> TransferReference {
  TransferReference(high: UInt64(attempt), low: UInt64(position))
}

let settlement = Settlement(financialTransactionID: "T-1", completedAt: later)

func answer(_ position: Int, _ event: InstructionLifecycle.Event) -> InstructionAnswer {
  InstructionAnswer(position: position, event: event, reference: reference(position))
}

extension Journal {
  /// Opens a new batch, or fails the test.
  func openNew(_ batchID: String = "B-1", from partner: String = "registry") async throws -> BatchNumber {
    switch try await open(header(batchID), from: partner, file: "\(batchID).p7m", at: now) {
    case .new(let number): return number
    case .known(let record):
      Issue.record("\(batchID) is known as \(record.life.state)")
      return record.number
    }
  }

  /// A batch of `count` lines that is admitted.
  func admitted(_ count: Int, _ batchID: String = "B-1") async throws -> BatchNumber {
    let batch = try await openNew(batchID)
    _ = try await append(try (0..<count).map { try line($0, id: "\(batchID)-\($0)") }, to: batch)
    try await admit(batch, contentDigest: [1, 2, 3], at: now)
    return batch
  }

  /// Admits with a header that says no more than the opening one did.
  func admit(_ batch: BatchNumber, contentDigest: [UInt8], at now: Timestamp) async throws(JournalError) {
    let admitted = AdmittedBatch(
      header: header("B-1"), contentDigest: contentDigest, processor: "us", unknownMemberCount: 0)
    try await admit(batch, as: admitted, at: now)
  }

  /// The next claim, or fails the test.
  func claimed(_ count: Int, of batch: BatchNumber, for owner: ClaimOwner = me) async throws -> Claim {
    try #require(try await claim(count, of: batch, for: owner, at: now))
  }

  func states(of batch: BatchNumber) async throws -> [InstructionLifecycle.State] {
    try await lines(of: batch, from: 0, count: 1_000).map(\.state)
  }
}

/// Whether `body` fails as a step that the life does not allow.
func isImpossible(_ error: any Error) -> Bool {
  guard case JournalError.impossible = error else { return false }
  return true
}
