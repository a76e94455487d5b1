internal import GRDB
internal import Storage

/// What enquiries need and the hot path does not keep, brought up to date in steps.
enum EnquiryIndex {
  /// How many lines an enquiry indexes in one transaction, for which payments wait; and what a run has at most.
  static let stepLength = 131_072

  /// Whether anything is to be done. It reads a few rows.
  static func isDue(in db: Database) throws -> Bool {
    if try TermRun.isDue(in: db) { return true }
    return try OutcomeSpan.isDue(in: db)
  }

  /// Does one step; answers how many lines it has gone through, 0 when all is up to date.
  static func advance(atMost limit: Int, in db: Database) throws -> Int {
    let terms = try TermRun.add(atMost: limit, in: db)
    return terms > 0 ? terms : try OutcomeSpan.seal(atMost: limit, in: db)
  }
}
