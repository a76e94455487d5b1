import Journal

/// Where notices come from: the audit trail, and how far each reader is in it.
protocol NoticeSource: Sendable {
  /// The number of the last entry; 0 for an empty trail.
  func last() async throws -> Int64
  /// At most `limit` entries after `number`, of `partner` only when it is named.
  func entries(after number: Int64, of partner: String?, limit: Int) async throws -> [AuditEntry]
  /// How far a reader is; 0 for one that never was anywhere.
  func position(of reader: String) async throws -> Int64
  /// Writes down, durably, how far a reader is.
  func setPosition(_ number: Int64, of reader: String) async throws
}

/// The trail of a journal.
struct JournalNoticeSource: NoticeSource {
  let journal: any Journal

  func last() async throws -> Int64 { try await journal.auditHead().number }

  func entries(after number: Int64, of partner: String?, limit: Int) async throws -> [AuditEntry] {
    var query = AuditQuery()
    query.after = number
    query.partner = partner
    query.limit = limit
    return try await journal.auditEntries(matching: query)
  }

  func position(of reader: String) async throws -> Int64 { try await journal.auditPosition(of: reader) }

  func setPosition(_ number: Int64, of reader: String) async throws {
    try await journal.setAuditPosition(number, of: reader)
  }
}
