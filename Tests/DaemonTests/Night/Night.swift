import Foundation
import Glibc
import TestKit

/// A night: five partners drop a hundred files each, the daemon is killed in their midst, and started again.
struct Night: Sendable {
  let spool: DaemonHome
  let partners: [NightPartner]
  /// By partner.
  let files: [String: [NightFile]]
  /// How many files had ended when the daemon was killed.
  let endedBeforeTheKill: Int
  /// What the daemon that came to the end left.
  let lastRun: Execution

  private static let over = Task { try await Night() }

  /// The one night of all tests.
  static var shared: Night { get async throws { try await over.value } }

  /// What ended too early counts as truncated soon.
  private static let settings = ["DISBURSE_SPOOL_TRUNCATED_AFTER_SECONDS": "2"]

  private init() async throws {
    let spool = try DaemonHome()
    let home = spool.home
    let partners = try (1...5).map { number in
      // The second needs two signatures; the fifth is too poor for a batch that its limits allow.
      try NightPartner(
        "partner-\(number)", signatures: number == 2 ? 2 : 1, funded: number == 5 ? 390_000 : 10_000_000,
        in: home.directory)
    }
    for partner in partners { try partner.register(at: home) }
    var files: [String: [NightFile]] = [:]
    for (index, partner) in partners.enumerated() {
      files[partner.name] = try NightFiles(home: home, partner: partner, other: partners[(index + 1) % 5]).all()
    }
    for partner in partners {
      for file in files[partner.name] ?? [] { try spool.drop(file.bytes, as: "\(file.name).p7m", of: partner.name) }
    }
    let first = try await spool.start(Self.settings)
    try await Condition.await("a quarter of the files has ended") {
      Self.ended(in: spool, partners).count >= 125
    }
    first.signal(SIGKILL)
    try first.end()
    endedBeforeTheKill = Self.ended(in: spool, partners).count
    let second = try await spool.start(Self.settings)
    try await Condition.await("every file has ended") {
      Self.ended(in: spool, partners).count >= 500 && spool.work.isEmpty
    }
    lastRun = try second.stop()
    self.spool = spool
    self.partners = partners
    self.files = files
  }

  private static func ended(in spool: DaemonHome, _ partners: [NightPartner]) -> [String] {
    partners.flatMap { partner in
      (spool.names("archive", of: partner.name) + spool.names("rejected", of: partner.name))
        .filter { $0.hasSuffix(".p7m") }
    }
  }

  /// The results in a partner's outbox.
  func results(of partner: NightPartner) -> [String] { spool.names("outbox", of: partner.name) }

  /// A result, opened as its partner does.
  func result(of file: String, _ partner: NightPartner) throws -> JSON {
    try partner.open(
      "\(spool.home.path)/spool/outbox/\(partner.name)/\(file).result.p7m", from: spool.home.processor)
  }

  /// Where a file has ended: each of the places that has it.
  func places(of file: NightFile, _ partner: NightPartner) -> [String] {
    ["inbox", "archive", "rejected"].filter { spool.names($0, of: partner.name).contains("\(file.name).p7m") }
  }
}
