import Batch
import Journal
import Testing
import Wallet

@Suite("Enquiries over all batches")
struct EnquiryConformanceTests {
  /// A journal of every kind of batch and line; one batch is longer than what is looked at together.
  static func filled(_ journal: any Journal) async throws -> RandomJournal {
    var random = RandomJournal(journal)
    for index in 0..<12 { try await random.addBatch(30 + index * 20, at: index * 60) }
    try await random.addBatch(50, at: 500, end: .rejected)
    try await random.addBatch(6_000, at: 800)
    try await random.addBatch(40, at: 1_000, end: .admitted)
    try await random.addBatch(40, at: 1_100, end: .admitting)
    return random
  }

  /// A query with conditions that `generator` chooses.
  static func query(_ generator: inout SeededGenerator, _ model: EnquiryModel) throws -> LineQuery {
    var query = LineQuery()
    let example = try #require(model.entries.randomElement(using: &generator))
    if generator.chance(25) { query.partner = RandomJournal.partners.randomElement(using: &generator) }
    if generator.chance(20) { query.programID = ["A", "B", "C"].randomElement(using: &generator) }
    if generator.chance(15) { query.batchID = example.record.header.batchID }
    if generator.chance(15) { query.batch = example.record.number }
    if generator.chance(50) {
      query.states =
        [
          [.settled], [.rejected], [.admitted, .claimed, .sent, .inDoubt], [.inDoubt], [.claimed], [.admitted],
          [.settled, .inDoubt], [.rejected, .sent], [.settled, .rejected],
        ].randomElement(using: &generator) ?? []
    }
    if generator.chance(15) {
      query.reason = [.payeeInactive, .walletTimeout, .duplicateInstruction].randomElement(using: &generator)
    }
    if generator.chance(20) { query.payeeID = RandomJournal.payee(Int.random(in: 0..<41, using: &generator)) }
    if generator.chance(20) {
      query.payeeFunctionalID = RandomJournal.beneficiary(Int.random(in: 0..<41, using: &generator))
    }
    if generator.chance(10) { query.instructionID = example.line.instruction.instructionID }
    if generator.chance(40) { query.from = instant(Int.random(in: -10..<1_300, using: &generator)) }
    if generator.chance(40) { query.to = instant(Int.random(in: -10..<1_300, using: &generator)) }
    if generator.chance(50) { query.order = .newestFirst }
    query.limit = [1, 7, 50, 1_000].randomElement(using: &generator) ?? 1
    return query
  }

  @Test("any combination of conditions answers what a look at every line does", arguments: JournalUnderTest.all)
  func combinations(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    var random = try await Self.filled(journal)
    let model = try await EnquiryModel(of: journal)
    for _ in 0..<150 {
      var query = try Self.query(&random.generator, model)
      // A page of one line is tried where there are few lines.
      let expected = model.places(matching: query)
      if expected.count > query.limit * 40 { query.limit = 1_000 }
      #expect(try await journal.places(matching: query) == expected, "\(query)")
    }
  }

  @Test(
    "each condition alone answers what a look at every line does", arguments: JournalUnderTest.all)
  func conditions(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await Self.filled(journal)
    let model = try await EnquiryModel(of: journal)
    let batch = try #require(model.entries.last?.record.number)
    let changes: [(String, (inout LineQuery) -> Void)] = [
      ("all", { _ in }), ("partner", { $0.partner = "south" }), ("programme", { $0.programID = "B" }),
      ("batch ID", { $0.batchID = "B-2" }), ("batch", { $0.batch = batch }), ("settled", { $0.states = [.settled] }),
      ("rejected", { $0.states = [.rejected] }), ("claimed", { $0.states = [.claimed] }),
      ("admitted", { $0.states = [.admitted] }), ("sent", { $0.states = [.sent] }),
      ("in doubt", { $0.states = [.inDoubt] }), ("reason", { $0.reason = .amountOverLimit }),
      ("payee", { $0.payeeID = RandomJournal.payee(3) }),
      ("beneficiary", { $0.payeeFunctionalID = RandomJournal.beneficiary(3) }),
      ("payee, failed", { ($0.payeeID, $0.states) = (RandomJournal.payee(3), [.rejected]) }),
      ("beneficiary, reason", { ($0.payeeFunctionalID, $0.reason) = (RandomJournal.beneficiary(3), .walletTimeout) }),
      ("payee, not sent", { ($0.payeeID, $0.states) = (RandomJournal.payee(3), [.admitted, .claimed]) }),
      ("instruction", { $0.instructionID = "3-7" }), ("repetition", { $0.instructionID = "14-0" }),
      ("from", { $0.from = instant(830) }), ("to", { $0.to = instant(200) }),
    ]
    for (name, change) in changes {
      for order in [LineOrder.batchOrder, .newestFirst] {
        var query = LineQuery()
        query.limit = 1_000
        query.order = order
        change(&query)
        let expected = model.places(matching: query)
        #expect(!expected.isEmpty, "the test's journal has none of \(name)")
        #expect(try await journal.places(matching: query) == expected, "\(name), \(order)")
      }
    }
  }

  @Test("pages have no gap and no repetition while batches come in and payments end", arguments: JournalUnderTest.all)
  func paging(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    var random = try await Self.filled(journal)
    let model = try await EnquiryModel(of: journal)
    let open = try #require(model.entries.last { $0.record.header.batchID == "B-6" }?.record.number)
    for order in [LineOrder.batchOrder, .newestFirst] {
      for payee in [nil, RandomJournal.payee(5)] {
        var query = LineQuery()
        query.order = order
        query.payeeID = payee
        query.limit = payee == nil ? 997 : 7
        let before = model.places(matching: query)
        let other = try again()
        var minutes = 2_000
        let seen = try await journal.places(matching: query) { _ in
          minutes += 10
          var writer = random
          writer = random
          try await writer.addBatch(20, at: minutes)
          try await writer.resolve(open, at: minutes)
          _ = try await other.indexForEnquiries(atMost: 100)
          random = writer
        }
        #expect(Set(seen).count == seen.count)
        let known = Set(before)
        #expect(seen.filter { known.contains($0) } == before, "\(order)")
      }
    }
  }

  @Test("steps of the index, of any length, end with everything up to date", arguments: JournalUnderTest.all)
  func steps(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    var random = try await Self.filled(journal)
    var steps = 0
    while try await journal.indexForEnquiries(atMost: 777) > 0 { steps += 1 }
    #expect(steps > 5)
    #expect(try await journal.indexForEnquiries(atMost: 777) == 0)
    // Small batches after large ones, each with a step of its own.
    for minutes in 0..<20 {
      try await random.addBatch(15, at: 1_200 + minutes)
      while try await journal.indexForEnquiries(atMost: 10_000) > 0 {}
    }
    let model = try await EnquiryModel(of: journal)
    for payee in 0..<40 {
      var query = LineQuery()
      query.payeeID = RandomJournal.payee(payee)
      #expect(try await journal.places(matching: query) == model.places(matching: query))
    }
  }

  @Test("a payment that ended anew is found at its new time", arguments: JournalUnderTest.all)
  func changedEnd(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(3)
    let claim = try await journal.claimed(3, of: batch)
    try await journal.record(
      (0..<3).map { answer($0, .answered(.rejected(Reason(.payeeInactive, "x")))) }, under: claim.token, at: now)
    var query = LineQuery()
    query.from = later
    #expect(try await journal.places(matching: query).isEmpty)
    #expect(try await journal.retry(RetryOrder(positions: [1], actor: .operator("alice")), of: batch, at: later) == 1)
    let retry = try #require(try await journal.claimUnresolved(3, of: batch, after: nil, for: me, at: later))
    try await journal.record([answer(1, .answered(.settled(settlement)))], under: retry.token, at: later)
    #expect(try await journal.places(matching: query).map(\.position) == [1])
  }

  @Test(
    "a batch that is not there is an error, a partner without batches an empty page", arguments: JournalUnderTest.all)
  func nothing(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await journal.admitted(3)
    let nobody = BatchNumber(rawValue: 99)
    await #expect(throws: JournalError.noSuchBatch(nobody)) {
      try await journal.lines(matching: LineQuery(batch: nobody))
    }
    var query = LineQuery()
    query.partner = "nobody"
    let page = try await journal.lines(matching: query)
    #expect(page.lines.isEmpty && page.next == nil)
  }

  @Test("batches are found by kind, file, payee and beneficiary", arguments: JournalUnderTest.all)
  func batches(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    var random = try await Self.filled(journal)
    let model = try await EnquiryModel(of: journal)
    var all = BatchQuery()
    all.limit = 100
    let records = try await journal.batches(matching: all)
    for index in 0..<60 {
      var query = BatchQuery()
      var lines = LineQuery()
      if random.generator.chance(30) { query.kind = random.generator.chance(50) ? .voucher : .credit }
      if random.generator.chance(30) { query.file = "f-\(index % 5)" }
      if random.generator.chance(30) { query.partner = RandomJournal.partners[index % 3] }
      if random.generator.chance(50) { query.payeeID = RandomJournal.payee(index % 41) }
      if random.generator.chance(50) { query.payeeFunctionalID = RandomJournal.beneficiary(index % 41) }
      if random.generator.chance(30) { query.to = instant(600) }
      lines.payeeID = query.payeeID
      lines.payeeFunctionalID = query.payeeFunctionalID
      query.limit = 3
      let holders = Set(model.places(matching: lines).map(\.batch))
      let needsLines = query.payeeID != nil || query.payeeFunctionalID != nil
      let expected = records.filter { record in
        (query.kind == nil || record.header.kind == query.kind) && (query.file == nil || record.file == query.file)
          && (query.partner == nil || record.partner == query.partner)
          && (query.to.map { to in record.decidedAt.map { $0 < to } ?? false } ?? true)
          && (!needsLines || holders.contains(record.number.rawValue))
      }.map(\.number)
      var found: [BatchNumber] = []
      while true {
        let page = try await journal.batches(matching: query)
        found += page.map(\.number)
        guard let last = page.last?.number else { break }
        query.before = last
      }
      #expect(found == expected, "\(query)")
    }
  }
}
