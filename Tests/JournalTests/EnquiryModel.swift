import Batch
import Journal
import Testing
import Wallet

/// Numbers that look random and are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  // SplitMix64, https://prng.di.unimi.it/splitmix64.c
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

func instant(_ minutes: Int) -> Timestamp {
  Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + Int64(minutes) * 60_000)
}

/// A journal with batches of every state and lines of every fate, made through the journal's own calls.
struct RandomJournal {
  let journal: any Journal
  var generator = SeededGenerator(state: 7)
  private var batchCount = 0

  init(_ journal: any Journal) { self.journal = journal }

  static let partners = ["north", "south", "west"]
  static let programs = ["A", "B", nil]
  static func payee(_ index: Int) -> String { "25078800\(index)" }
  static func beneficiary(_ index: Int) -> String { "RW-\(index)" }

  /// Admits a batch of `count` lines and lets most of them end, at about `minutes`.
  @discardableResult
  mutating func addBatch(_ count: Int, at minutes: Int, end: Ending = .worked) async throws -> BatchNumber {
    batchCount += 1
    let partner = Self.partners[batchCount % 3]
    var header = BatchHeader(
      batchID: "B-\(batchCount / 2)", sourceBBID: partner, kind: batchCount % 5 == 0 ? .voucher : .credit)
    header.programID = Self.programs[batchCount / 3 % 3]
    let opening = try await journal.open(header, from: partner, file: "f-\(batchCount % 4)", at: instant(minutes - 5))
    guard case .new(let batch) = opening else { throw JournalError.impossible("the test's batch is known") }
    for start in stride(from: 0, to: count, by: 1_000) {
      let chunk = try (start..<min(start + 1_000, count)).map { try line($0) }
      #expect(try await journal.append(chunk, to: batch).isEmpty)
    }
    switch end {
    case .admitting: break
    case .rejected: try await journal.reject(batch, for: Rejection(Problem(.schema, "x")), at: instant(minutes))
    case .admitted, .worked:
      let admitted = AdmittedBatch(header: header, contentDigest: [1], processor: "us", unknownMemberCount: 0)
      try await journal.admit(batch, as: admitted, at: instant(minutes))
      if end == .worked { try await work(batch, at: minutes, lines: count) }
    }
    return batch
  }

  enum Ending { case admitting, rejected, admitted, worked }

  private mutating func line(_ position: Int) throws -> Instruction {
    let recurring = Int.random(in: 0..<40, using: &generator)
    let order: Instruction.Order =
      switch position % 4 {
      case 0, 1: .credit(Payee(kind: .msisdn, id: Self.payee(recurring)))
      case 2: .creditFunctional(id: Self.beneficiary(recurring))
      default:
        .voucher(
          VoucherRequest(groupCode: "G", payeeFunctionalID: generator.chance(50) ? Self.beneficiary(recurring) : nil))
      }
    // A repetition has no right to the ID that it repeats.
    let isRepetition = position > 0 && generator.chance(2)
    let refusal: Reason? =
      isRepetition ? Reason(.duplicateInstruction, "again") : generator.chance(2) ? Reason(.amountOverLimit, "x") : nil
    let id = isRepetition ? "\(batchCount)-0" : "\(batchCount)-\(position)"
    return Instruction(
      position: position, instructionID: id, order: order, amount: try rwf(Int64(position + 1)), refusal: refusal)
  }

  /// Claims most of a batch, and records most of what was claimed.
  private mutating func work(_ batch: BatchNumber, at minutes: Int, lines count: Int) async throws {
    var left = count * 9 / 10
    while left > 0, let claim = try await journal.claim(min(left, 700), of: batch, for: other, at: instant(minutes)) {
      left -= 700
      try await answer(claim, at: minutes)
    }
    if generator.chance(50) { try await journal.expireClaims(of: batch, except: me, at: instant(minutes)) }
    try await resolve(batch, at: minutes + 300)
    _ = try await journal.retry(
      RetryOrder(positions: (0..<min(count, 60)).map { $0 }, actor: .operator("alice")), of: batch,
      at: instant(minutes + 400))
    let failed = try await journal.lines(of: batch, from: 0, count: count).filter {
      $0.state == .rejected && $0.reason?.code == .payeeInactive
    }
    for line in failed.prefix(3) {
      let settled = HandSettlement(
        position: line.instruction.position, actor: .operator("alice"), note: "in cash")
      try await journal.settleByHand(settled, of: batch, at: instant(minutes + 500))
    }
  }

  /// Asks again for some of what is open, much later.
  mutating func resolve(_ batch: BatchNumber, at minutes: Int) async throws {
    guard let claim = try await journal.claimUnresolved(50, of: batch, after: nil, for: me, at: instant(minutes)) else {
      return
    }
    var answers: [InstructionAnswer] = []
    for line in claim.instructions where generator.chance(60) {
      let settled = Settlement(financialTransactionID: "T", completedAt: instant(minutes))
      let event: InstructionLifecycle.Event =
        line.life.state == .claimed ? .answered(.settled(settled)) : .enquired(.settled(settled))
      answers.append(
        InstructionAnswer(position: line.instruction.position, event: event, reference: reference(1)))
    }
    try await journal.record(answers, under: claim.token, at: instant(minutes))
  }

  private mutating func answer(_ claim: Claim, at minutes: Int) async throws {
    let isTroubled = generator.chance(30)
    var answers: [InstructionAnswer] = []
    for line in claim.instructions {
      if isTroubled, generator.chance(10) { continue }
      let end = instant(minutes + line.instruction.position / 100)
      let event: InstructionLifecycle.Event
      switch Int.random(in: 0..<100, using: &generator) {
      case 0..<3: event = .answered(.rejected(Reason(.payeeInactive, "x")))
      case 3..<5: event = .answered(.rejected(Reason(.walletRejected, "x")))
      case 5: event = .answered(.inDoubt("?"))
      case 6: event = .answered(.accepted)
      case 7: event = .answered(.notSent("?"))
      default: event = .answered(.settled(Settlement(financialTransactionID: "T", completedAt: end)))
      }
      answers.append(
        InstructionAnswer(position: line.instruction.position, event: event, reference: reference(1)))
    }
    try await journal.record(answers, under: claim.token, at: instant(minutes + 30))
  }
}

/// All lines of a journal, and the plainest answer to any query over them.
struct EnquiryModel {
  struct Entry {
    let record: BatchRecord
    let line: JournalLine
    var place: Place { Place(batch: line.batch.rawValue, position: line.instruction.position) }
  }
  struct Place: Hashable, Comparable {
    let batch: Int64
    let position: Int
    static func < (left: Self, right: Self) -> Bool { (left.batch, left.position) < (right.batch, right.position) }
  }

  var entries: [Entry] = []

  init(of journal: any Journal) async throws {
    var query = BatchQuery()
    query.limit = 1_000
    for record in try await journal.batches(matching: query).reversed() {
      guard record.life.state != .admitting, record.life.state != .rejected else { continue }
      for line in try await journal.lines(of: record.number, from: 0, count: 100_000) {
        entries.append(Entry(record: record, line: line))
      }
    }
  }

  func places(matching query: LineQuery) -> [Place] {
    let found = entries.filter { Self.isMeant($0, by: query) }.map(\.place)
    return query.order == .batchOrder ? found : found.reversed()
  }

  private static func isMeant(_ entry: Entry, by query: LineQuery) -> Bool {
    let (record, line) = (entry.record, entry.line)
    let time = line.endedAt ?? record.decidedAt ?? now
    let payee: (any: String?, functional: String?) =
      switch line.instruction.order {
      case .credit(let payee): (payee.id, nil)
      case .creditFunctional(let id): (id, id)
      case .voucher(let request): (request.payeeFunctionalID, request.payeeFunctionalID)
      }
    func holds<T: Equatable>(_ wanted: T?, _ value: T?) -> Bool { wanted == nil || wanted == value }
    return holds(query.batch, line.batch) && holds(query.batchID, record.header.batchID)
      && holds(query.partner, record.partner) && holds(query.programID, record.header.programID)
      && (query.states.isEmpty || query.states.contains(line.state)) && holds(query.reason, line.reason?.code)
      && holds(query.payeeID, payee.any) && holds(query.payeeFunctionalID, payee.functional)
      && holds(query.instructionID, line.instruction.instructionID)
      && (query.from.map { time >= $0 } ?? true) && (query.to.map { time < $0 } ?? true)
  }
}

extension Journal {
  /// The places of all pages of a query, one page after the other; `between` runs after each but the last.
  func places(
    matching query: LineQuery, between: (LinePage) async throws -> Void = { _ in }
  ) async throws -> [EnquiryModel.Place] {
    var query = query
    var places: [EnquiryModel.Place] = []
    while true {
      let page = try await lines(matching: query)
      #expect(page.lines.count <= query.limit)
      #expect(page.lines.allSatisfy { page.batches[$0.batch] != nil })
      places += page.lines.map {
        EnquiryModel.Place(batch: $0.batch.rawValue, position: $0.instruction.position)
      }
      guard let next = page.next else { return places }
      try await between(page)
      // As programs hand it back.
      let cursor: LineCursor = try #require(LineCursor(token: next.token))
      query.after = cursor
    }
  }
}
