import Batch
import Journal

/// A question to the journal, as a person may ask it.
struct Enquiry {
  let name: String
  var query: LineQuery?
  var batches: BatchQuery?

  init(_ name: String, _ change: (inout LineQuery) -> Void) {
    self.name = name
    var query = LineQuery()
    query.order = .newestFirst
    change(&query)
    self.query = query
  }

  init(batches name: String, _ change: (inout BatchQuery) -> Void) {
    self.name = "batches: \(name)"
    var query = BatchQuery()
    change(&query)
    batches = query
  }

  /// How many there are on the page; a page that stopped on its way counts what it has.
  func run(_ journal: SQLiteJournal) async throws -> Int {
    if let query { return try await journal.lines(matching: query).lines.count }
    if let batches { return try await journal.batches(matching: batches).count }
    return 0
  }

  private static let partner = LargeJournal.partners[1]
  private static let program = LargeJournal.programs[2]
  private static let payee = LargeJournal.payee(1_234_567).id
  private static func day(_ day: Int64, hour: Int64 = 0, minute: Int64 = 0) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: LargeJournal.start + day * LargeJournal.day + hour * 3_600_000 + minute * 60_000)
  }

  static let all: [Enquiry] = [
    Enquiry("everything") { _ in },
    Enquiry("a payee") { $0.payeeID = payee },
    Enquiry("a payee nobody has") { $0.payeeID = "250700000000" },
    Enquiry("a payee, failed") {
      $0.payeeID = payee; $0.states = [.rejected]
    },
    Enquiry("a payee, partner, programme, in a month") { query in
      query.payeeID = payee
      query.partner = partner
      query.programID = program
      query.from = day(30)
      query.to = day(60)
    },
    Enquiry("a beneficiary") { $0.payeeFunctionalID = LargeJournal.beneficiary(333_333) },
    Enquiry("an instruction") { $0.instructionID = "I-000005000001" },
    Enquiry("a payee of 250,000 payments") { $0.payeeID = LargeJournal.school },
    Enquiry("a payee of 250,000 payments, failed") {
      $0.payeeID = LargeJournal.school; $0.states = [.rejected]
    },
    Enquiry("a payee of 250,000 payments, on a day without") { query in
      query.payeeID = LargeJournal.school
      query.from = day(-10)
      query.to = day(-9)
    },
    Enquiry("failed") { $0.states = [.rejected] },
    Enquiry("failed, of a reason") { $0.reason = .payeeInactive },
    Enquiry("failed, of a reason nobody has") { $0.reason = .voucherState },
    Enquiry("failed, a partner, a programme, on a day") { query in
      query.states = [.rejected]
      query.partner = LargeJournal.partners[0]
      query.programID = LargeJournal.programs[0]
      query.from = day(40)
      query.to = day(41)
    },
    Enquiry("pending") { $0.states = [.admitted, .claimed, .sent, .inDoubt] },
    Enquiry("in doubt") { $0.states = [.inDoubt] },
    Enquiry("in doubt, a partner") {
      $0.states = [.inDoubt]; $0.partner = partner
    },
    Enquiry("admitted") { $0.states = [.admitted] },
    Enquiry("successful, a partner") {
      $0.states = [.settled]; $0.partner = partner
    },
    Enquiry("on a day") {
      $0.from = day(40); $0.to = day(41)
    },
    Enquiry("on a day without") {
      $0.from = day(-3); $0.to = day(-2)
    },
    Enquiry("successful, between two batches of a day") { query in
      query.states = [.settled]
      query.from = day(40, hour: 23)
      query.to = day(41, hour: 1)
    },
    Enquiry("successful, a minute of a large batch") { query in
      query.states = [.settled]
      query.batchID = "BATCH-0"
      query.from = day(0, hour: 1, minute: 2)
      query.to = day(0, hour: 1, minute: 3)
    },
    Enquiry("successful, a programme, in a month") { query in
      query.states = [.settled]
      query.programID = program
      query.from = day(30)
      query.to = day(60)
    },
    Enquiry("a page of 10,000") { $0.limit = 10_000 },
    Enquiry("failed, a page of 10,000") {
      $0.states = [.rejected]; $0.limit = 10_000
    },
    Enquiry("failed, from the middle on") { query in
      query.states = [.rejected]
      query.after = LineCursor(batch: BatchNumber(rawValue: 50), position: 7, order: .newestFirst)
    },
    Enquiry(batches: "all") { _ in },
    Enquiry(batches: "partner, programme, state, in a month") { query in
      query.partner = partner
      query.programID = program
      query.state = .admitted
      query.from = day(30)
      query.to = day(60)
    },
    Enquiry(batches: "a payee") { $0.payeeID = payee },
    Enquiry(batches: "a payee of 250,000 payments") { $0.payeeID = LargeJournal.school },
  ]
}
