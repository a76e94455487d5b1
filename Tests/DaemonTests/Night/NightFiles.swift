import TestKit

/// The hundred files of one partner: half of them good, half of them bad, each kind of bad twice or more.
struct NightFiles {
  let home: TestHome
  let partner: NightPartner
  /// Another partner, for what is sent in the wrong name.
  let other: NightPartner

  func all() throws -> [NightFile] {
    var files: [NightFile] = []
    for index in 0..<44 { files.append(try payments(index)) }
    for index in 0..<6 { files.append(try vouchers(index)) }
    let bad: [(Int) throws -> [NightFile]] = [
      plain, signedOnly, pem, truncated, forAnother, changed, unsigned, stranger, expired, fewSignatures, foreign,
      wrongRecipient, malformed, schema, reusedID, usedInstruction, control, program, currency, limit, funds, ended,
      repeated,
    ]
    var round = 0
    while files.count < 100 {
      for make in bad where files.count < 100 { files.append(contentsOf: try make(round)) }
      round += 1
    }
    return Array(files.prefix(100))
  }

  // MARK: Good ones

  /// Seven payments, one of which is over the limit for one, each to a payee whom every partner pays.
  private func payments(_ index: Int) throws -> NightFile {
    let batch = document("GOOD-\(index)", amounts: [100, 200, 300, 400, 500, 600, 60_000])
    return try file("good-\(index)", batch, .completed(paid: 6, sum: 2_100, failed: 1))
  }

  private func vouchers(_ index: Int) throws -> NightFile {
    var batch = BatchDocument.vouchers(id("VOUCHER-\(index)"), [1_000, 2_000, 3_000])
    batch = batch.with("sourceBBID", "\"\(partner.name)\"").with("programID", "\"VUP\"")
    return try file("voucher-\(index)", batch, .completed(paid: 3, sum: 6_000, failed: 0))
  }

  // MARK: Files that can't be opened

  private func plain(_ round: Int) throws -> [NightFile] {
    [NightFile(name: "plain-\(round)", bytes: good("PLAIN-\(round)").bytes, end: unanswered("not-sealed"))]
  }

  private func signedOnly(_ round: Int) throws -> [NightFile] {
    try [bent("signed-\(round)", unanswered("not-sealed")) { $0.encrypts = false }]
  }

  private func pem(_ round: Int) throws -> [NightFile] {
    try [bent("pem-\(round)", unanswered("unsupported-encoding")) { $0.form = "PEM" }]
  }

  private func truncated(_ round: Int) throws -> [NightFile] {
    let whole = try seal(good("SHORT-\(round)"))
    return [NightFile(name: "short-\(round)", bytes: Array(whole.dropLast(40)), end: unanswered("truncated"))]
  }

  private func forAnother(_ round: Int) throws -> [NightFile] {
    let bytes = try Sealing(by: partner.signers).seal(good("AWAY-\(round)").bytes, to: partner.encryption.certificate)
    return [NightFile(name: "away-\(round)", bytes: bytes, end: unanswered("not-for-us"))]
  }

  private func changed(_ round: Int) throws -> [NightFile] {
    var bytes = try seal(good("CHANGED-\(round)"))
    bytes[bytes.count / 2] ^= 1
    return [NightFile(name: "changed-\(round)", bytes: bytes, end: unanswered("cannot-decrypt"))]
  }

  private func unsigned(_ round: Int) throws -> [NightFile] {
    let bytes = try Sealing(by: []).seal(good("UNSIGNED-\(round)").bytes, to: home.processor)
    return [NightFile(name: "unsigned-\(round)", bytes: bytes, end: unanswered("not-signed"))]
  }

  // MARK: Signers

  private func stranger(_ round: Int) throws -> [NightFile] {
    try [signed("stranger-\(round)", by: [home.keys.stranger], unanswered("unknown-signer"))]
  }

  private func expired(_ round: Int) throws -> [NightFile] {
    try [signed("expired-\(round)", by: [partner.expired], answered("signer-expired"))]
  }

  private func fewSignatures(_ round: Int) throws -> [NightFile] {
    guard partner.signatures > 1 else { return [] }
    return try [signed("few-\(round)", by: [partner.maker], answered("not-enough-signatures"))]
  }

  /// A file of another partner, good in that one's inbox.
  private func foreign(_ round: Int) throws -> [NightFile] {
    var batch = good("FOREIGN-\(round)")
    batch = batch.with("sourceBBID", "\"\(other.name)\"")
    let bytes = try Sealing(by: other.signers).seal(batch.bytes, to: home.processor)
    return [NightFile(name: "foreign-\(round)", bytes: bytes, end: unanswered("sender-mismatch"))]
  }

  // MARK: Documents

  private func wrongRecipient(_ round: Int) throws -> [NightFile] {
    try [
      file("recipient-\(round)", good("RCP-\(round)").with("recipientID", "\"other\""), answered("recipient-mismatch"))
    ]
  }

  private func malformed(_ round: Int) throws -> [NightFile] {
    let bytes = try Sealing(by: partner.signers).seal(good("BROKEN-\(round)").bytes.dropLast(1), to: home.processor)
    return [NightFile(name: "broken-\(round)", bytes: bytes, end: answered("malformed-json"))]
  }

  private func schema(_ round: Int) throws -> [NightFile] {
    try [file("schema-\(round)", good("SCHEMA-\(round)").without("batchID"), answered("schema"))]
  }

  /// Two contents under one ID.
  private func reusedID(_ round: Int) throws -> [NightFile] {
    let batchID = "\"\(id("CONTESTED-\(round)"))\""
    let end = NightFile.End.contested(group: "contested-\(round)")
    return try [
      file("contested-\(round)-a", document("CONTESTED-A-\(round)", amounts: [7]).with("batchID", batchID), end),
      file("contested-\(round)-b", document("CONTESTED-B-\(round)", amounts: [5]).with("batchID", batchID), end),
    ]
  }

  private func usedInstruction(_ round: Int) throws -> [NightFile] {
    var batch = good("TWICE-\(round)")
    batch.lines.append(batch.lines[0])
    return try [file("twice-\(round)", batch, answered("duplicate-instruction"))]
  }

  private func control(_ round: Int) throws -> [NightFile] {
    try [
      file("control-\(round)", good("CONTROL-\(round)").with("control", #"{"count":9}"#), answered("control-mismatch"))
    ]
  }

  // MARK: The partner's rules

  private func program(_ round: Int) throws -> [NightFile] {
    try [file("program-\(round)", good("PRG-\(round)").with("programID", "\"OTHER\""), answered("program-not-allowed"))]
  }

  private func currency(_ round: Int) throws -> [NightFile] {
    try [file("currency-\(round)", good("KES-\(round)").with("currency", "\"KES\""), answered("currency-not-allowed"))]
  }

  private func limit(_ round: Int) throws -> [NightFile] {
    let batch = document("LIMIT-\(round)", amounts: Array(repeating: 50_000, count: 9))
    return try [file("limit-\(round)", batch, answered("batch-limit-exceeded"))]
  }

  /// More than the poorest partner ever had, and no more than a batch may have.
  private func funds(_ round: Int) throws -> [NightFile] {
    let batch = document("FUNDS-\(round)", amounts: Array(repeating: 50_000, count: 8))
    guard partner.funded < 400_000 else { return [] }
    return try [file("funds-\(round)", batch, answered("insufficient-funds"))]
  }

  private func ended(_ round: Int) throws -> [NightFile] {
    let batch = good("ENDED-\(round)").with("expiresAt", "\"2026-01-01T00:00:00Z\"")
    return try [file("ended-\(round)", batch, answered("expired"))]
  }

  /// The same sealed file under two names.
  private func repeated(_ round: Int) throws -> [NightFile] {
    let bytes = try seal(document("AGAIN-\(round)", amounts: [11, 22]))
    return [
      NightFile(name: "again-\(round)", bytes: bytes, end: .repeated(group: "again-\(round)")),
      NightFile(name: "again-\(round)-copy", bytes: bytes, end: .repeated(group: "again-\(round)")),
    ]
  }

  // MARK: Making them

  private func id(_ name: String) -> String { "\(partner.name)-\(name)" }

  private func good(_ name: String) -> BatchDocument { document(name, amounts: [10, 20]) }

  private func document(_ name: String, amounts: [Int]) -> BatchDocument {
    var batch = BatchDocument.payments(id(name), amounts)
    batch = batch.with("sourceBBID", "\"\(partner.name)\"").with("programID", "\"VUP\"")
    return batch
  }

  private func unanswered(_ code: String) -> NightFile.End { .rejected(code, isAnswered: false) }
  private func answered(_ code: String) -> NightFile.End { .rejected(code, isAnswered: true) }

  private func seal(_ batch: BatchDocument) throws -> [UInt8] {
    try Sealing(by: partner.signers).seal(batch.bytes, to: home.processor)
  }

  private func file(_ name: String, _ batch: BatchDocument, _ end: NightFile.End) throws -> NightFile {
    NightFile(name: name, bytes: try seal(batch), end: end)
  }

  private func signed(_ name: String, by signers: [PartnerKey], _ end: NightFile.End) throws -> NightFile {
    let bytes = try Sealing(by: signers).seal(good(name.uppercased()).bytes, to: home.processor)
    return NightFile(name: name, bytes: bytes, end: end)
  }

  private func bent(_ name: String, _ end: NightFile.End, _ bend: (inout Sealing) -> Void) throws -> NightFile {
    var sealing = Sealing(by: partner.signers)
    bend(&sealing)
    return NightFile(name: name, bytes: try sealing.seal(good(name.uppercased()).bytes, to: home.processor), end: end)
  }
}
