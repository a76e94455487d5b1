import Batch
import GRDB
import Storage
import Testing
import Wallet

@testable import Journal

@Suite("The plans of enquiries")
struct EnquiryPlanTests {
  static let queries: [(name: String, change: @Sendable (inout LineQuery) -> Void)] = [
    ("payee", { $0.payeeID = RandomJournal.payee(1) }),
    ("beneficiary", { $0.payeeFunctionalID = RandomJournal.beneficiary(1) }),
    ("instruction", { $0.instructionID = "3-7" }),
    ("failed", { $0.states = [.rejected] }),
    ("pending", { $0.states = [.admitted, .claimed, .sent, .inDoubt] }),
    ("reason", { $0.reason = .payeeInactive }),
    (
      "successful in a window",
      { query in
        query.states = [.settled]
        query.from = instant(100)
        query.to = instant(200)
      }
    ),
    (
      "any in a window",
      { query in
        query.from = instant(100)
        query.to = instant(200)
      }
    ),
    (
      "partner, programme, failed, in a window",
      { query in
        query.partner = "south"
        query.programID = "A"
        query.states = [.rejected]
        query.from = instant(0)
      }
    ),
    (
      "payee, failed",
      { query in
        query.payeeID = RandomJournal.payee(1)
        query.states = [.rejected]
      }
    ),
    (
      "partner and payee",
      { query in
        query.partner = "south"
        query.payeeID = RandomJournal.payee(1)
      }
    ),
  ]

  @Test("no statement goes through all lines or all outcomes, or sorts any", arguments: queries.indices)
  func searches(index: Int) async throws {
    let journal = try SQLiteJournal(path: TemporaryDirectory.make() + "/journal.sqlite")
    _ = try await EnquiryConformanceTests.filled(journal)
    while try await journal.indexForEnquiries(atMost: 10_000) > 0 {}
    for order in [LineOrder.batchOrder, .newestFirst] {
      var query = LineQuery()
      query.order = order
      Self.queries[index].change(&query)
      let plans = try await journal.plan(of: query).map { "\($0.step) in: \($0.statement)" }
      #expect(plans.count > 2, "\(Self.queries[index].name)")
      let scans = plans.filter { plan in
        ["SCAN i ", "SCAN o ", "SCAN t ", "SCAN u "].contains { plan.hasPrefix($0) }
          || plan.hasPrefix("USE TEMP B-TREE") && !plan.contains("used_id")
      }
      #expect(scans.isEmpty, "\(Self.queries[index].name)")
    }
  }

  @Test("an enquiry for a time leaves out the blocks in which nothing ended then")
  func blocks() async throws {
    let journal = try SQLiteJournal(path: TemporaryDirectory.make() + "/journal.sqlite")
    let count = 3 * EnquirySchema.blockLength + 100
    let batch = try await journal.openNew()
    _ = try await journal.append(try lines(0..<count), to: batch)
    try await journal.admit(batch, contentDigest: [1], at: now)
    let claim = try await journal.claimed(count - 10, of: batch)
    let answers = (0..<count - 10).map { position in
      let end = Settlement(financialTransactionID: "T", completedAt: instant(position / EnquirySchema.blockLength))
      return answer(position, .answered(.settled(end)))
    }
    try await journal.record(answers, under: claim.token, at: later)
    while try await journal.indexForEnquiries(atMost: 100_000) > 0 {}
    var query = LineQuery(batch: batch)
    query.states = [.settled]
    query.from = instant(1)
    query.to = instant(2)
    let ranges = try await journal.store.read(throwing: JournalError.self) { [query] db in
      let enquired = try #require(
        try BatchScope(query, states: [.settled]).batches(within: 0...(.max), atMost: 1, in: db).first)
      return try OutcomeSpan.ranges(of: enquired, for: query, withOpen: false, in: db)
    }
    // Besides the block in which all ended then, the last one, of which some lines have no outcome yet.
    #expect(
      ranges.map { JournalSchema.position(ofKey: $0.lowerBound)...JournalSchema.position(ofKey: $0.upperBound) }
        == [4_096...8_191, 12_288...count - 1])
  }

  @Test("pages that end since they looked at enough go on where they ended, to the same answer")
  func limits() async throws {
    let journal = try SQLiteJournal(path: TemporaryDirectory.make() + "/journal.sqlite")
    var random = try await EnquiryConformanceTests.filled(journal)
    while try await journal.indexForEnquiries(atMost: 10_000) > 0 {}
    // Not in the index yet: looked through.
    try await random.addBatch(300, at: 1_200)
    let limits = EnquiryLimits(positions: 200, stride: 70, candidates: 15)
    let model = try await EnquiryModel(of: journal)
    var shortPages = 0
    for _ in 0..<60 {
      var query = try EnquiryConformanceTests.query(&random.generator, model)
      query.limit = 1_000
      let expected = model.places(matching: query)
      var found: [EnquiryModel.Place] = []
      while true {
        let page = try await journal.store.read(throwing: JournalError.self) { [query] db in
          try LineSearch.page(query, within: limits, in: db)
        }
        found += page.lines.map { EnquiryModel.Place(batch: $0.batch.rawValue, position: $0.instruction.position) }
        guard let next = page.next else { break }
        if page.lines.count < query.limit { shortPages += 1 }
        query.after = next
      }
      #expect(found == expected, "\(query)")
    }
    #expect(shortPages > 50)
  }

  @Test("terms keep their values for ever, since they are stored")
  func terms() {
    #expect(EnquiryTerm.payee("250788123456") != EnquiryTerm.repeated("250788123456"))
    // As `python3` works FNV-1a out.
    #expect(EnquiryTerm.payee("250788123456") == -289_260_299)
  }

  @Test("runs of terms stay few, however small the steps are")
  func runs() async throws {
    let journal = try SQLiteJournal(path: TemporaryDirectory.make() + "/journal.sqlite")
    var random = RandomJournal(journal)
    for index in 0..<40 {
      try await random.addBatch(10, at: index, end: .admitted)
      while try await journal.indexForEnquiries(atMost: 1_000) > 0 {}
    }
    let (runs, terms) = try await journal.store.read(throwing: JournalError.self) { db in
      (
        try Int.fetchOne(db, sql: "SELECT count(*) FROM enquiry_run") ?? 0,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM enquiry_term") ?? 0
      )
    }
    #expect((1...8).contains(runs))
    #expect(terms > 300)
  }
}
