import Batch
import Cryptography
public import Journal

/// What `audit verify` is to look at besides the home.
public struct AuditVerification: Sendable {
  /// Heads that partners kept: `ENTRY:HASH`.
  public var witnesses: [String] = []
  /// Opened results, or sealed ones, whose witness counts.
  public var results: [String] = []
  /// What a sealed result is opened with: the certificate and the key that it was sealed to.
  public var pair: (certificate: String, key: String)?
  /// Whether the operator takes the trail for whole although its signed head is lost: it is signed anew.
  public var acceptsHead = false
  /// Nothing besides.
  public init() {}
}

extension Station {
  /// A page of the audit trail, oldest first.
  public func auditEntries(_ query: AuditQuery) async throws -> [AuditEntry] {
    try await journal().auditEntries(matching: query)
  }

  /// Verifies the whole trail, and the home by what it tells. What is found is in the report, and is no error.
  public func verifyAudit(_ request: AuditVerification) async throws -> AuditReport {
    var witnesses = try request.witnesses.map { text in
      guard let head = AuditHead(text) else {
        throw StationError.refused(
          "\(text) is no witness: write the entry's number, a colon and the 64 digits of its hash")
      }
      return (source: "the witness \(head.number)", head: head)
    }
    for result in request.results {
      witnesses.append((source: result, head: try await ResultWitness.read(result, openedWith: request.pair)))
    }
    // Read before the trail: whoever works beside us only brings it further.
    var findings = AuditFindings()
    let headWitness = signedHead(&findings)
    if let headWitness { witnesses.append((source: home.auditHead, head: headWitness)) }
    let journal = try journal()
    var report = try await journal.checkAudit(witnesses)
    for finding in findings.list { report.findings.add(finding) }
    try await OutboxCheck(outbox: home.outbox, journal: journal).run(&report)
    try await sealHead(after: &report, request, journal)
    return report
  }

  /// Writes down that the daemon begins to work or stops in order, and with which configuration; signs the head behind it.
  func noteDaemon(_ action: AuditAction) async throws {
    let digest = try SHA256.digest(TextFile.read(home.configuration)).hexString
    let event = AuditEvent(action, by: actor, details: [.init("configuration", digest)])
    let journal = try journal()
    try await journal.note(event, at: clock.now())
    await auditHeadFile.renewQuietly(from: journal, at: clock.now())
  }

  /// Makes a change in another store than the journal: an entry says before that it is begun, and one after how it ended,
  /// so that a crash between the two leaves a trace, and nothing is changed that can't be written down.
  ///
  /// - Parameters:
  ///   - telling: what the entry at the end tells of the outcome besides.
  ///   - certificates: those that were made, which nobody knows before.
  @discardableResult
  func change<Value: Sendable>(
    _ event: AuditEvent, _ body: () async throws -> Value, telling: (Value) -> [AuditEvent.Detail] = { _ in [] },
    certificates: (Value) -> [Certificate] = { _ in [] }
  ) async throws -> Value {
    let mark = AuditEvent.Detail(AuditEvent.changeMark, Hexadecimal.string(try SecureRandom.bytes(8)))
    let journal = try journal()
    var begun = event
    begun.action = .changeBegun
    begun.details = [.init("change", event.action.rawValue)] + event.details + [mark]
    try await journal.note(begun, at: clock.now())
    let value: Value
    do { value = try await body() } catch {
      var failed = begun
      failed.action = .changeFailed
      failed.details.append(.init("error", Failure(error)?.code ?? "unexpected"))
      try await journal.note(failed, at: clock.now())
      throw error
    }
    var done = event
    done.details += telling(value) + [mark]
    let made = certificates(value).map(\.fingerprint)
    if !made.isEmpty { done.key = made.joined(separator: ",") }
    try await journal.note(done, at: clock.now())
    await auditHeadFile.renewQuietly(from: journal, at: clock.now())
    return value
  }

  /// The head that the processor signed; what is wrong with it is a finding.
  private func signedHead(_ findings: inout AuditFindings) -> AuditHead? {
    func find(_ kind: AuditFinding.Kind, _ message: String) {
      findings.add(AuditFinding(kind, at: home.auditHead, message))
    }
    do {
      guard let signed = try auditHeadFile.read() else {
        find(.headMissing, "the signed head of the trail is not there: every home is made with one")
        return nil
      }
      guard try auditHeadFile.isGenuine(signed, at: clock.now()) else {
        find(.headInvalid, "it is not signed by a signing key of \(configuration.processorID)")
        return nil
      }
      return signed.head
    } catch {
      find(.headInvalid, "\(error)")
      return nil
    }
  }

  /// Brings the signed head to the end of a trail that is whole; or signs it anew, when an operator says so.
  private func sealHead(after report: inout AuditReport, _ request: AuditVerification, _ journal: SQLiteJournal)
    async throws
  {
    let isWithoutHead = report.findings.list.contains { $0.kind == .headMissing || $0.kind == .headInvalid }
    guard isWithoutHead else {
      if report.findings.faultCount == 0 { await auditHeadFile.renewQuietly(from: journal, at: clock.now()) }
      return
    }
    guard request.acceptsHead else { return }
    guard report.findings.faultCount == 1 else {
      throw StationError.refused("the trail is not whole: only a lost head can be signed anew, and more was found")
    }
    let event = AuditEvent(.auditAccepted, by: actor, details: [.init("head", "\(report.head)")])
    try await journal.note(event, at: clock.now())
    try auditHeadFile.write(try await journal.auditHead(), at: clock.now())
    report.findings = AuditFindings(warningsOf: report.findings)
  }
}
