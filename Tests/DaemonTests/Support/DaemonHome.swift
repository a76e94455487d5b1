import Foundation
import Glibc
import TestKit

/// A home whose daemon a test runs, with the partner of every ready home and others if they are asked for.
struct DaemonHome: Sendable {
  let home: TestHome
  /// Besides the first one.
  let signers: [String: PartnerKey]

  init(besides others: [String] = []) throws {
    home = try TestHome()
    var signers: [String: PartnerKey] = [:]
    for name in others {
      let signer = try PartnerKey(name, for: .signature, in: home.directory)
      signers[name] = signer
      try home.expectSuccess([
        "partner", "add", name, "--signing-cert", signer.certificate, "--encryption-cert",
        home.keys.encryption.certificate,
      ])
      try home.expectSuccess(["wallet", "fund", name, "\(TestHome.funded)", "RWF"])
    }
    self.signers = signers
  }

  // MARK: The daemon

  /// What a test changes of the daemon: files are taken at sight, and inboxes looked at often.
  static let settings = [
    "DISBURSE_SPOOL_SETTLE_SECONDS": "0", "DISBURSE_SPOOL_SCAN_SECONDS": "1", "DISBURSE_MONITOR_PORT": "0",
  ]

  private func environment(_ more: [String: String]) -> [String: String] {
    Self.settings.merging(["DISBURSE_HOME": home.path]) { $1 }.merging(more) { $1 }
  }

  /// Starts the daemon and waits until it is at work.
  func start(_ more: [String: String] = [:]) async throws -> RunningProgram {
    let daemon = try Command.start(Program.path, ["run"], environment: environment(more))
    try await Condition.await("the daemon starts") { daemon.complaint.contains("daemon started") }
    return daemon
  }

  /// Runs it until nothing is left that can be done now.
  @discardableResult
  func runOnce(_ more: [String: String] = [:]) throws -> Execution {
    try Program.run(["run", "--once"], environment: environment(more))
  }

  // MARK: The spool

  func inbox(_ partner: String = TestHome.partner) -> String { "\(home.path)/spool/inbox/\(partner)" }

  /// The names in a directory of the spool, hidden ones too.
  func names(_ place: String, of partner: String = TestHome.partner) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(home.path)/spool/\(place)/\(partner)"))?.sorted() ?? []
  }

  /// The names of what is being worked on.
  var work: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(home.path)/spool/work"))?.sorted() ?? []
  }

  /// Seals a batch as its partner does.
  func sealed(_ document: BatchDocument, of partner: String = TestHome.partner) throws -> [UInt8] {
    try Sealing(by: [signers[partner] ?? home.keys.maker]).seal(document.bytes, to: home.processor)
  }

  /// Drops bytes as a partner does who renames when it is done.
  func drop(_ bytes: some Sequence<UInt8>, as name: String, of partner: String = TestHome.partner) throws {
    let path = "\(inbox(partner))/\(name)"
    try Data(bytes).write(to: URL(filePath: path + ".part"))
    guard rename(path + ".part", path) == 0 else { throw Command.Failure(description: "\(path) was not renamed") }
  }

  /// Drops a batch.
  func drop(_ document: BatchDocument, as name: String, of partner: String = TestHome.partner) throws {
    try drop(sealed(document, of: partner), as: name, of: partner)
  }

  /// A result, opened as the partner does.
  func result(_ name: String, of partner: String = TestHome.partner) throws -> JSON {
    try JSON(
      object: Sealing.open("\(home.path)/spool/outbox/\(partner)/\(name)", as: home.keys, from: home.processor))
  }

  /// The report on a refused file.
  func report(_ name: String, of partner: String = TestHome.partner) throws -> JSON {
    try JSON(object: TemporaryDirectory.bytes(of: "\(home.path)/spool/rejected/\(partner)/\(name)"))
  }

  /// Waits for a file in a directory of the spool.
  func await(_ name: String, in place: String, of partner: String = TestHome.partner) async throws {
    try await Condition.await("\(place)/\(partner)/\(name)") { names(place, of: partner).contains(name) }
  }
}
