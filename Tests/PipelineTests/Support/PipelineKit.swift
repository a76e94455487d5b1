import Batch
import Envelope
import Foundation
import Journal
import PartnerKit
import Partners
import Storage
import Synchronization
import Testing
import Wallet

@testable import Pipeline

/// A clock that a test moves.
final class MovableClock: WallClock {
  private let milliseconds: Mutex<Int64>
  init() { milliseconds = Mutex(SystemClock().now().millisecondsSinceEpoch) }
  func now() -> Timestamp { Timestamp(millisecondsSinceEpoch: milliseconds.withLock { $0 }) }
  func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1_000 } }
  func instant(in seconds: Int64) -> String {
    Timestamp(millisecondsSinceEpoch: now().millisecondsSinceEpoch + seconds * 1_000).rfc3339
  }
}

/// A pipeline over real files, a real journal and a scripted wallet.
struct PipelineKit {
  let directory: TemporaryDirectory
  let clock = MovableClock()
  let wallet: ScriptedWallet
  let processor: Correspondent
  let partner: Correspondent
  let partners: PartnerDirectory
  let journal: SQLiteJournal

  init() throws {
    directory = try TemporaryDirectory()
    wallet = ScriptedWallet(clock: clock)
    processor = try Correspondent("treasury")
    partner = try Correspondent("registry")
    for name in ["partners", "outbox", "locks", "inbox"] {
      try FileManager.default.createDirectory(
        atPath: "\(directory.path)/\(name)", withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    }
    partners = PartnerDirectory(path: "\(directory.path)/partners")
    try partners.add(
      Partner(
        name: "registry", signingCertificates: [partner.signing.certificate],
        encryptionCertificates: [partner.encryption.certificate], policy: PartnerPolicy()))
    journal = try SQLiteJournal(path: "\(directory.path)/journal.sqlite")
  }

  /// A pipeline as a process of its own would have it. It does not wait for pending answers unless told to.
  func pipeline(
    journal: (any Journal)? = nil, owner: String = UUID().uuidString,
    _ configure: (inout Pipeline.Parts) -> Void = { _ in }
  ) throws -> Pipeline {
    var parts = Pipeline.Parts(
      processorID: "treasury", keyRing: { [processor] in KeyRing([processor.encryption]) },
      signer: { [processor] in processor.signing },
      partners: partners, journal: journal ?? self.journal, wallet: wallet,
      executors: [TransferExecutor(wallet: wallet, resolver: NoPayeeResolver())],
      outbox: Outbox(path: "\(directory.path)/outbox"), locks: LockDirectory(path: "\(directory.path)/locks"),
      clock: clock, owner: ClaimOwner(rawValue: owner), actor: .user("tester"))
    parts.dispatch.waitForFinalSeconds = 0
    parts.dispatch.claimSize = 8
    configure(&parts)
    return Pipeline(parts)
  }

  /// Seals a batch as the partner would and answers the file's path.
  func seal(_ batch: BatchText, as name: String? = nil, in folder: String = "inbox") throws -> String {
    let folder = "\(directory.path)/\(folder)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(name ?? UUID().uuidString).p7m"
    try partner.seal(batch.json, to: processor.encryption.certificate, at: path)
    return path
  }

  /// Opens the result that a report names.
  func result(_ report: BatchReport) throws -> OpenedResult { try partner.open(try #require(report.resultPath)) }

  /// Everything in the partner's outbox.
  var outbox: [String] { names(in: "\(directory.path)/outbox/registry") }

  func record(_ batchID: String) async throws -> BatchRecord {
    try #require(try await journal.batch(batchID, of: "registry"))
  }
}

/// Payments of 100, 200, 300 … francs, each to a payee of its own.
func payments(_ count: Int, to payees: Int? = nil, prefix: String = "I") -> [BatchText.Line] {
  (0..<count).map { .pay("\(prefix)-\($0)", "25078\(1_000_000 + $0 % (payees ?? count))", "\(($0 % 50 + 1) * 100)") }
}

extension OpenedResult {
  /// The identifiers of the lines with a status.
  func ids(_ status: OutcomeStatus) -> [String] { lines.filter { $0.status == status }.map(\.instructionID) }
  /// The sum of the successful lines in a currency without minor unit.
  var succeeded: Int64 { lines.filter { $0.status == .successful }.reduce(0) { $0 + (Int64($1.amount) ?? 0) } }
}

extension Pipeline {
  /// Takes a file all the way that nobody in particular handed in.
  func process(
    _ path: String, bareArray: BareArrayIdentity? = nil, progress: @escaping ProgressObserver = { _ in }
  ) async throws -> BatchReport {
    var submission = Submission(path: path)
    submission.bareArray = bareArray
    return try await process(submission, progress: progress)
  }
}
