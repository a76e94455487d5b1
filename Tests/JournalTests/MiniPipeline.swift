import Batch
import Foundation
import Glibc
import Journal
import Testing
import Wallet

/// A wallet that keeps its books in a file, so that they survive the death of who asks it.
struct BookWallet: Sendable {
  let path: String

  /// Pays, unless the reference was paid before, and then says so again.
  func submit(_ reference: TransferReference) -> SubmitOutcome {
    if case .settled(let settlement) = status(reference) { return .settled(settlement) }
    let entry = "\(reference.high) \(reference.low)\n"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(descriptor) }
    guard descriptor >= 0, write(descriptor, entry, entry.utf8.count) == entry.utf8.count else {
      return .inDoubt("no book")
    }
    return .settled(settlement)
  }

  func status(_ reference: TransferReference) -> StatusOutcome {
    entries().contains("\(reference.high) \(reference.low)") ? .settled(settlement) : .unknown
  }

  /// The payments, in the order in which they were made.
  func entries() -> [String] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}

/// The shortest pipeline that keeps the journal's rules. It can begin anywhere: what is done is not done again.
struct MiniPipeline: Sendable {
  static let lineCount = 10

  let journal: any Journal
  let wallet: BookWallet
  let owner: ClaimOwner

  /// How many requests to pay it made.
  @discardableResult
  func run() async throws -> Int {
    let batch = try await admit()
    guard try await journal.batch("B-1", of: "registry")?.life.state == .admitted else { return 0 }
    try await journal.expireClaims(of: batch, except: owner, at: now)
    var requests = 0
    while let claim = try await journal.claim(3, of: batch, for: owner, at: now) { requests += try await work(claim) }
    while let claim = try await journal.claimUnresolved(4, of: batch, after: nil, for: owner, at: now) {
      requests += try await work(claim)
    }
    try await publish(batch)
    return requests
  }

  private func admit() async throws -> BatchNumber {
    switch try await journal.open(header(), from: "registry", file: "b.p7m", at: now) {
    case .known(let record): return record.number
    case .new(let batch):
      for start in stride(from: 0, to: Self.lineCount, by: 4) {
        let chunk = try (start..<min(start + 4, Self.lineCount)).map { position in
          try line(position, refusal: position == 5 ? Reason(.payeeNotFound, "no") : nil)
        }
        #expect(try await journal.append(chunk, to: batch).isEmpty)
      }
      try await journal.admit(batch, contentDigest: [1], at: now)
      return batch
    }
  }

  private func work(_ claim: Claim) async throws -> Int {
    var requests = 0
    var answers: [InstructionAnswer] = []
    for claimed in claim.instructions {
      let position = claimed.instruction.position
      let name = reference(position, attempt: claimed.attempt)
      var life = claimed.life
      var event = InstructionLifecycle.Event.enquired(wallet.status(name))
      if life.state == .claimed || life.handle(event) == .send {
        event = .answered(wallet.submit(name))
        requests += 1
      }
      answers.append(InstructionAnswer(position: position, event: event, reference: name))
    }
    try await journal.record(answers, under: claim.token, at: now)
    return requests
  }

  private func publish(_ batch: BatchNumber) async throws {
    try await journal.preparePublication(Publication(revision: 1, path: "out", digest: [1]), of: batch)
    try await journal.markPublished(batch, revision: 1, at: now)
  }
}
