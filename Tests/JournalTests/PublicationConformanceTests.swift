import Batch
import Journal
import Testing
import Wallet

extension Journal {
  func publish(_ batch: BatchNumber, revision: Int) async throws {
    try await preparePublication(
      Publication(revision: revision, path: "out/\(revision)", digest: [UInt8(revision)]), of: batch)
    try await markPublished(batch, revision: revision, at: later)
  }
}

@Suite("Publication and enquiries in the journal")
struct PublicationConformanceTests {
  @Test("a prepared publication is known before it took its place", arguments: JournalUnderTest.all)
  func prepared(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(1)
    let publication = Publication(revision: 1, path: "out/x", digest: [1, 2])
    try await journal.preparePublication(publication, of: batch)
    var record = try #require(try await again().batch("B-1", of: "registry"))
    #expect(record.publication == publication && !record.isPublished && record.life.state == .admitted)
    try await journal.markPublished(batch, revision: 1, at: later)
    record = try #require(try await again().batch("B-1", of: "registry"))
    #expect(record.publication == publication && record.isPublished)
  }

  @Test(
    "a batch is partial while lines are pending, then completed by a later revision", arguments: JournalUnderTest.all)
  func revisions(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch)
    try await journal.record([answer(0, .answered(.settled(settlement)))], under: claim.token, at: now)
    try await journal.publish(batch, revision: 1)
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .partial)
    try await journal.record([answer(1, .answered(.settled(settlement)))], under: claim.token, at: now)
    try await journal.publish(batch, revision: 2)
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .completed)
  }

  @Test("what changes between the preparation and the mark asks for a later revision", arguments: JournalUnderTest.all)
  func overtaken(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.admitted(2)
    let claim = try await journal.claimed(2, of: batch)
    let rejected = InstructionLifecycle.Event.answered(.rejected(Reason(.payeeInactive, "x")))
    try await journal.record(
      [answer(0, rejected), answer(1, .answered(.settled(settlement)))], under: claim.token, at: now)
    try await journal.preparePublication(Publication(revision: 1, path: "a", digest: [1]), of: batch)
    #expect(try await again().batch(batch).isChanged == false)
    let word = HandSettlement(position: 0, actor: .operator("alice"), note: "cash")
    try await journal.settleByHand(word, of: batch, at: now)
    // The same one at another place tells no more than before.
    try await journal.preparePublication(Publication(revision: 1, path: "b", digest: [1]), of: batch)
    try await journal.markPublished(batch, revision: 1, at: later)
    var record = try await again().batch(batch)
    #expect(record.life.state == .partial && record.isChanged && record.isPublished)
    try await journal.publish(batch, revision: 2)
    record = try await again().batch(batch)
    #expect(record.life.state == .completed && !record.isChanged)
  }

  @Test("marking a revision twice changes nothing", arguments: JournalUnderTest.all)
  func markTwice(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    try await journal.publish(batch, revision: 1)
    try await journal.markPublished(batch, revision: 1, at: later)
    #expect(try await journal.batch("B-1", of: "registry")?.life.state == .partial)
  }

  @Test("a published revision is not prepared again, nor one skipped", arguments: JournalUnderTest.all)
  func revisionOrder(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    try await journal.publish(batch, revision: 1)
    for revision in [0, 1, 3] {
      let publication = Publication(revision: revision, path: "out/y", digest: [])
      await #expect { try await journal.preparePublication(publication, of: batch) } throws: { isImpossible($0) }
    }
    #expect(try await journal.batch("B-1", of: "registry")?.publication?.path == "out/1")
  }

  @Test(
    "a revision that did not take its place is prepared anew under its number or the next",
    arguments: JournalUnderTest.all)
  func prepareAgain(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    try await journal.preparePublication(Publication(revision: 1, path: "a", digest: [1]), of: batch)
    await #expect {
      try await journal.preparePublication(Publication(revision: 3, path: "b", digest: [2]), of: batch)
    } throws: {
      isImpossible($0)
    }
    try await journal.preparePublication(Publication(revision: 1, path: "c", digest: [3]), of: batch)
    #expect(try await journal.batch("B-1", of: "registry")?.publication?.path == "c")
    // Where the first went is unknown: its number may have been read.
    try await journal.preparePublication(Publication(revision: 2, path: "d", digest: [4]), of: batch)
    await #expect {
      try await journal.preparePublication(Publication(revision: 1, path: "e", digest: [5]), of: batch)
    } throws: {
      isImpossible($0)
    }
  }

  @Test("pages of lines follow the batch's order and end with it", arguments: JournalUnderTest.all)
  func pages(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await journal.admitted(3, "B-0")
    let batch = try await journal.admitted(5, "B-1")
    _ = try await journal.admitted(3, "B-2")
    var positions: [[Int]] = []
    for start in stride(from: 0, through: 6, by: 2) {
      positions.append(try await journal.lines(of: batch, from: start, count: 2).map(\.instruction.position))
    }
    #expect(positions == [[0, 1], [2, 3], [4], []])
  }

  @Test("lines are found by state, payee and time", arguments: JournalUnderTest.all)
  func lineQueries(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(5)
    let claim = try await journal.claimed(4, of: batch)
    try await journal.record(
      [
        answer(0, .answered(.settled(settlement))), answer(1, .answered(.rejected(Reason(.payeeInactive, "x")))),
        answer(2, .answered(.inDoubt("?"))),
      ], under: claim.token, at: now)
    func find(_ change: (inout LineQuery) -> Void) async throws -> [Int] {
      var query = LineQuery(batch: batch)
      change(&query)
      return try await journal.lines(matching: query).lines.map(\.instruction.position)
    }
    #expect(try await find { _ in } == [0, 1, 2, 3, 4])
    #expect(try await find { $0.states = [.settled, .inDoubt] } == [0, 2])
    #expect(try await find { $0.states = [.claimed] } == [3])
    #expect(try await find { $0.states = [.admitted] } == [4])
    #expect(try await find { $0.payeeID = "250788002" } == [2])
    #expect(try await find { $0.payeeID = "nobody" } == [])
    #expect(try await find { $0.from = later } == [0])
    // What has not ended is asked for by its admission.
    #expect(try await find { $0.to = later } == [1, 2, 3, 4])
    #expect(try await find { $0.after = LineCursor(batch: batch, position: 2, order: .batchOrder) } == [3, 4])
    #expect(try await find { $0.limit = 2 } == [0, 1])
  }

  @Test("batches are found by partner, ID, programme, state and time, newest first", arguments: JournalUnderTest.all)
  func batchQueries(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let first = try await journal.admitted(1, "B-1")
    var header = BatchHeader(batchID: "B-2", sourceBBID: "x", kind: .credit)
    header.programID = "P"
    guard case .new(let second) = try await journal.open(header, from: "another", file: "f", at: now) else {
      Issue.record("a new batch is known")
      return
    }
    _ = try await journal.append([try line(0)], to: second)
    try await journal.reject(second, for: Rejection(Problem(.schema, "bad")), at: later)
    func find(_ change: (inout BatchQuery) -> Void) async throws -> [BatchNumber] {
      var query = BatchQuery()
      change(&query)
      return try await journal.batches(matching: query).map(\.number)
    }
    #expect(try await find { _ in } == [second, first])
    #expect(try await find { $0.partner = "another" } == [second])
    #expect(try await find { $0.batchID = "B-1" } == [first])
    #expect(try await find { $0.programID = "P" } == [second])
    #expect(try await find { $0.state = .admitted } == [first])
    #expect(try await find { $0.from = later } == [second])
    #expect(try await find { $0.to = later } == [first])
    #expect(try await find { $0.before = second } == [first])
    #expect(try await find { $0.limit = 1 } == [second])
  }

  @Test("what nobody has entered is not found", arguments: JournalUnderTest.all)
  func unknown(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let nobody = BatchNumber(rawValue: 99)
    #expect(try await journal.batch("B-9", of: "registry") == nil)
    await #expect(throws: JournalError.noSuchBatch(nobody)) { try await journal.lines(of: nobody, from: 0, count: 1) }
    await #expect(throws: JournalError.noSuchBatch(nobody)) { try await journal.append([try line(0)], to: nobody) }
    await #expect(throws: JournalError.noSuchBatch(nobody)) {
      try await journal.claim(1, of: nobody, for: me, at: now)
    }
  }
}
