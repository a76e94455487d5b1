import Batch
import Journal
import Testing

@Suite("Admission to the journal")
struct AdmissionConformanceTests {
  @Test("an admitted batch is known with all that was said of it", arguments: JournalUnderTest.all)
  func header(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    var header = BatchHeader(batchID: "B-7", sourceBBID: "registry", kind: .voucher)
    header.requestID = "R"
    header.recipientID = "us"
    header.programID = "P"
    header.currency = Currency(code: "KES")
    header.createdAt = Timestamp(millisecondsSinceEpoch: 1)
    header.executeAt = Timestamp(millisecondsSinceEpoch: 2)
    header.expiresAt = Timestamp(millisecondsSinceEpoch: 3)
    guard case .new(let batch) = try await journal.open(header, from: "registry", file: "b.p7m", at: now) else {
      Issue.record("a new batch is known")
      return
    }
    _ = try await journal.append(try lines(0..<1), to: batch)
    let admitted = AdmittedBatch(header: header, contentDigest: [9, 8], processor: "us", unknownMemberCount: 7)
    try await journal.admit(batch, as: admitted, at: later)
    let record = try #require(try await again().batch("B-7", of: "registry"))
    #expect(record.header == header)
    #expect(record.number == batch)
    #expect(record.partner == "registry")
    #expect(record.file == "b.p7m")
    #expect(record.contentDigest == [9, 8])
    #expect(record.processor == "us")
    #expect(record.unknownMemberCount == 7)
    #expect(record.decidedAt == later)
    #expect(record.life.state == .admitted)
    #expect(record.publication == nil && !record.isPublished && record.rejection == nil)
  }

  @Test("what stood behind the instructions is in the header from the admission on", arguments: JournalUnderTest.all)
  func lateHeader(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.openNew("B-8")
    _ = try await journal.append(try lines(0..<1), to: batch)
    var whole = BatchHeader(batchID: "B-8", sourceBBID: "registry", kind: .credit)
    whole.programID = "P"
    whole.expiresAt = Timestamp(millisecondsSinceEpoch: 3)
    let admitted = AdmittedBatch(header: whole, contentDigest: [], processor: "us", unknownMemberCount: 0)
    try await journal.admit(batch, as: admitted, at: now)
    #expect(try await again().batch("B-8", of: "registry")?.header == whole)
  }

  @Test("an abandoned batch leaves nothing: its ID and its instructions' IDs are new", arguments: JournalUnderTest.all)
  func abandon(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew("B-9")
    _ = try await journal.append(try lines(0..<3), to: batch)
    try await journal.abandon(batch)
    #expect(try await journal.batch("B-9", of: "registry") == nil)
    #expect(try await journal.append(try lines(0..<3), to: try await journal.openNew("B-9")).isEmpty)
  }

  @Test("every kind of line comes back as it was", arguments: JournalUnderTest.all)
  func roundTrip(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let orders: [Instruction.Order] =
      Payee.Kind.allCases.map { .credit(Payee(kind: $0, id: "x\($0.rawValue)")) } + [
        .creditFunctional(id: "RW-1"), .voucher(VoucherRequest(groupCode: "G")),
        .voucher(VoucherRequest(groupCode: "G", payeeFunctionalID: "F", serialNumber: "9000")),
      ]
    var instructions = try orders.enumerated().map { position, order in
      Instruction(position: position, instructionID: "I\(position)", order: order, amount: try rwf(Int64(position) + 1))
    }
    let kes = try #require(Currency(code: "KES"))
    instructions.append(
      Instruction(
        position: instructions.count, instructionID: "long-identifier-of-36-characters-....",
        order: .creditFunctional(id: ""), amount: Money(minorUnits: .max, currency: kes), narration: ""))
    instructions.append(
      Instruction(
        position: instructions.count, instructionID: "stated", order: .creditFunctional(id: "é"), amount: nil,
        stated: StatedAmount(amount: "1.5", currency: "RWF"), narration: "né", refusal: Reason(.invalidAmount, "half")))
    let batch = try await journal.openNew()
    #expect(try await journal.append(instructions, to: batch).isEmpty)
    try await journal.admit(batch, contentDigest: [], at: now)
    #expect(try await again().lines(of: batch, from: 0, count: 100).map(\.instruction) == instructions)
  }

  @Test("an ID that is known answers with the batch that has it", arguments: JournalUnderTest.all)
  func known(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    guard case .known(let record) = try await journal.open(JournalTests.header(), from: "registry", file: "x", at: now)
    else {
      Issue.record("a known batch is new")
      return
    }
    #expect(record.number == batch)
    #expect(record.contentDigest == [1, 2, 3])
  }

  @Test("an ID belongs to its partner alone", arguments: JournalUnderTest.all)
  func partners(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await journal.admitted(1)
    let batch = try await journal.openNew(from: "another")
    #expect(try await journal.append([try line(0, id: "B-1-0")], to: batch).isEmpty)
  }

  @Test("an ID used before is answered with its place, and only the others are added", arguments: JournalUnderTest.all)
  func duplicates(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    _ = try await journal.admitted(3, "B-1")
    let batch = try await journal.openNew("B-2")
    let repeated = try await journal.append(
      [try line(0, id: "new"), try line(1, id: "B-1-2"), try line(2, id: "new"), try line(3, id: "fresh")], to: batch)
    #expect(
      repeated == [
        DuplicateInstruction(position: 1, instructionID: "B-1-2", earlierBatchID: "B-1", earlierPosition: 2),
        DuplicateInstruction(position: 2, instructionID: "new", earlierBatchID: "B-2", earlierPosition: 0),
      ])
    #expect(try await journal.lines(of: batch, from: 0, count: 9).map(\.instruction.position) == [0, 3])
  }

  @Test("a repetition can be appended anew with its refusal, and the first use stays", arguments: JournalUnderTest.all)
  func refusedDuplicate(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    let repeated = try await journal.append([try line(0, id: "a"), try line(1, id: "a")], to: batch)
    #expect(repeated.map(\.position) == [1])
    let refused = try line(1, id: "a", refusal: Reason(.duplicateInstruction, "twice"))
    #expect(try await journal.append([refused], to: batch).isEmpty)
    try await journal.admit(batch, contentDigest: [], at: now)
    #expect(try await journal.states(of: batch) == [.admitted, .rejected])
  }

  @Test("a batch with a gap in its lines is not admitted", arguments: JournalUnderTest.all)
  func gap(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    _ = try await journal.append([try line(0), try line(2)], to: batch)
    await #expect { try await journal.admit(batch, contentDigest: [], at: now) } throws: { isImpossible($0) }
  }

  @Test("an admission that died leaves nothing behind for the next", arguments: JournalUnderTest.all)
  func leftover(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let dead = try await journal.openNew()
    _ = try await journal.append(try lines(0..<5), to: dead)
    let batch = try await again().openNew()
    #expect(batch != dead)
    #expect(try await journal.append(try lines(0..<5), to: batch).isEmpty)
    #expect(try await journal.summary(of: batch).count == 5)
    await #expect(throws: JournalError.noSuchBatch(dead)) { try await journal.summary(of: dead) }
  }

  @Test("a rejected batch keeps its problems, and its IDs are free again", arguments: JournalUnderTest.all)
  func rejected(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    _ = try await journal.append(try lines(0..<5), to: batch)
    let rejection = try #require(
      Rejection(
        [Problem(.schema, pointer: "/a/1", byteOffset: 7, "bad"), Problem(.controlMismatch, "sum")], errorCount: 12))
    try await journal.reject(batch, for: rejection, at: later)
    let record = try #require(try await journal.batch("B-1", of: "registry"))
    #expect(record.rejection == rejection)
    #expect(record.life.state == .rejected)
    #expect(record.decidedAt == later)
    #expect(try await journal.lines(of: batch, from: 0, count: 9).isEmpty)
    let next = try await journal.openNew()
    #expect(try await journal.append(try lines(0..<5), to: next).isEmpty)
    try await journal.admit(next, contentDigest: [], at: now)
    #expect(try await journal.batch("B-1", of: "registry")?.number == next)
  }

  @Test("what is admitted can't be rejected, appended to or admitted again", arguments: JournalUnderTest.all)
  func admittedStays(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.admitted(1)
    let rejection = Rejection(Problem(.schema, "bad"))
    await #expect { try await journal.reject(batch, for: rejection, at: now) } throws: { isImpossible($0) }
    await #expect { try await journal.append([try line(1)], to: batch) } throws: { isImpossible($0) }
    await #expect { try await journal.admit(batch, contentDigest: [], at: now) } throws: { isImpossible($0) }
    #expect(try await journal.states(of: batch) == [.admitted])
  }

  @Test("sums that do not fit 64 bits are refused when the lines come", arguments: JournalUnderTest.all)
  func overflow(subject: JournalUnderTest) async throws {
    let (journal, _) = try subject.make()
    let batch = try await journal.openNew()
    let huge = try (0..<2).map { position in
      Instruction(
        position: position, instructionID: "I\(position)", order: .creditFunctional(id: "F"),
        amount: try rwf(.max - 1), refusal: position == 0 ? Reason(.payeeNotFound, "no") : nil)
    }
    await #expect { try await journal.append(huge, to: batch) } throws: { isImpossible($0) }
    #expect(try await journal.summary(of: batch).count == 0)
  }
}

extension AdmissionConformanceTests {
  @Test(
    "a repetition of any earlier line is found, however many there are, from any process",
    arguments: JournalUnderTest.all)
  func farDuplicates(subject: JournalUnderTest) async throws {
    let (journal, again) = try subject.make()
    let batch = try await journal.openNew()
    // Ascending, then scattered; enough for IDs to leave the memory that holds the last ones.
    let count = 70_000
    let ids = (0..<count).map { position in
      position < 5 ? "A\(position)" : String(UInt64(position) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    }
    for start in stride(from: 0, to: count, by: 10_000) {
      let chunk = try (start..<start + 10_000).map { try line($0, id: ids[$0]) }
      #expect(try await journal.append(chunk, to: batch).isEmpty)
    }
    let earlier = [0, 7, 40_000, count - 1]
    let repeated = try earlier.enumerated().map { try line(count + $0, id: ids[$1]) }
    // Another process has nothing in memory.
    #expect(try await again().append(repeated, to: batch).map(\.earlierPosition) == earlier)
    #expect(try await journal.append(repeated, to: batch).map(\.earlierPosition) == earlier)
    #expect(try await journal.append([try line(count, id: "B")], to: batch).isEmpty)
    try await journal.admit(batch, contentDigest: [], at: now)
    let next = try await again().openNew("B-2")
    let known = try await journal.append(
      [try line(0, id: ids[3]), try line(1, id: "B"), try line(2, id: "C")], to: next)
    #expect(known.map(\.earlierPosition) == [3, count])
    try await journal.reject(next, for: Rejection(Problem(.duplicateInstruction, "twice")), at: now)
    let last = try await journal.openNew("B-3")
    #expect(try await journal.append([try line(0, id: "C"), try line(1, id: "B")], to: last).map(\.position) == [1])
  }
}
