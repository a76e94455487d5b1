import Batch
import Journal
import Partners

/// Takes decoded chunks in the batch's order: applies the partner's rules to each line, adds up, writes down.
struct Intake {
  /// Lines go to the journal in steps of about so many: each step is one `fsync`.
  private static let linesPerStep = 8_192

  private let journal: any Journal
  private let batch: BatchNumber
  private let partner: Partner
  private let header: BatchHeader
  private var waiting: [Instruction] = []
  // What is being written down while the next lines are taken.
  private var written: [Instruction] = []
  private var writing: Task<[DuplicateInstruction], any Error>?
  // Of all lines that state an amount, whatever their fate: no sum of some of them can then overflow.
  private var stated: [Currency: Money] = [:]
  /// Whether some sum does not fit; then `payable` is not whole.
  private(set) var isBeyondCounting = false

  /// Everything wrong with the file so far.
  var problems = ProblemList()
  /// What the file states, for its control figures: counts also lines that will fail.
  private(set) var totals = ControlTotals()
  /// How many lines will fail for a reason that is known before anything is sent.
  private(set) var refusedCount = 0
  /// What is to be paid, by currency.
  private(set) var payable: [Currency: Money] = [:]
  /// Members of the lines that nobody knows.
  private(set) var unknownMemberCount = 0

  init(journal: any Journal, batch: BatchNumber, partner: Partner, header: BatchHeader) {
    self.journal = journal
    self.batch = batch
    self.partner = partner
    self.header = header
  }

  mutating func take(_ chunk: DecodedChunk) async throws {
    problems.append(contentsOf: chunk.problems, count: chunk.problemCount)
    totals.merge(chunk.totals)
    unknownMemberCount += chunk.unknownMemberCount
    for instruction in chunk.instructions {
      let instruction = partner.policy.limited(instruction)
      add(instruction)
      check(instruction)
      waiting.append(instruction)
    }
    if isBeyondCounting { waiting.removeAll(keepingCapacity: true) }
    if waiting.count >= Self.linesPerStep { try await write() }
  }

  /// Waits until all that was taken is written down.
  mutating func flush() async throws {
    try await write()
    try await finishWriting()
  }

  /// Waits until nothing is being written any more, whatever became of it: what is taken is given up.
  mutating func stop() async {
    _ = await writing?.result
    writing = nil
  }

  /// Begins to write what waits, one step after the other: the journal takes the lines in order.
  private mutating func write() async throws {
    try await finishWriting()
    guard !waiting.isEmpty else { return }
    written = waiting
    waiting.removeAll(keepingCapacity: true)
    writing = Task { [journal, batch, written] in try await journal.append(written, to: batch) }
  }

  private mutating func finishWriting() async throws {
    guard let writing else { return }
    self.writing = nil
    let duplicates = try await writing.value
    if !duplicates.isEmpty { try await handle(duplicates) }
    written.removeAll()
  }

  private mutating func check(_ instruction: Instruction) {
    if let refusal = instruction.refusal {
      refusedCount += 1
      guard partner.policy.onInvalidInstruction == .rejectBatch else { return }
      problems.append(
        Problem(
          .invalidInstruction, pointer: pointer(instruction.position),
          "\(refusal.code.rawValue): \(refusal.message); \(partner.name) is registered with onInvalidInstruction: reject-batch"
        ))
      return
    }
    guard let amount = instruction.amount else { return }
    if let currencies = partner.policy.currencies, !currencies.contains(amount.currency) {
      problems.append(
        Problem(
          .currencyNotAllowed, pointer: pointer(instruction.position) + "/currency",
          "\(partner.name) may not use \(amount.currency.code)"))
    }
    // It fits because the sum of all that is stated does.
    if !isBeyondCounting {
      let sum = payable[amount.currency, default: Money(minorUnits: 0, currency: amount.currency)]
      payable[amount.currency] = sum.adding(amount) ?? sum
    }
  }

  private mutating func add(_ instruction: Instruction) {
    guard let amount = instruction.amount, !isBeyondCounting else { return }
    let sum = stated[amount.currency, default: Money(minorUnits: 0, currency: amount.currency)]
    guard let next = sum.adding(amount) else {
      isBeyondCounting = true
      problems.append(
        Problem(
          .batchLimitExceeded, pointer: pointer(instruction.position) + "/amount",
          "the instructions in \(amount.currency.code) sum to more than can be counted; split the batch"))
      return
    }
    stated[amount.currency] = next
  }

  private mutating func handle(_ duplicates: [DuplicateInstruction]) async throws {
    switch partner.policy.onDuplicate {
    case .rejectBatch:
      for duplicate in duplicates { problems.append(problem(for: duplicate)) }
    case .rejectInstruction:
      let positions = Set(duplicates.map(\.position))
      let refused = written.filter { positions.contains($0.position) }
      for instruction in refused {
        if instruction.refusal == nil { refusedCount += 1 }
        guard instruction.refusal == nil, let amount = instruction.amount else { continue }
        if let sum = payable[amount.currency] {
          payable[amount.currency] = Money(minorUnits: sum.minorUnits - amount.minorUnits, currency: amount.currency)
        }
      }
      let reason = Reason(.duplicateInstruction, "the instruction ID was used before")
      _ = try await journal.append(refused.map { $0.refused(for: reason) }, to: batch)
    }
  }

  private func problem(for duplicate: DuplicateInstruction) -> Problem {
    let place =
      duplicate.earlierBatchID == header.batchID
      ? "stands in this file at \(pointer(duplicate.earlierPosition))"
      : "was sent in batch \(duplicate.earlierBatchID)"
    return Problem(
      .duplicateInstruction, pointer: pointer(duplicate.position) + "/instructionID",
      "\(duplicate.instructionID) \(place); each instruction has an ID of its own, for ever")
  }

  private func pointer(_ position: Int) -> String {
    switch header.kind {
    case .credit: "/creditInstructions/\(position)"
    case .voucher: "/voucherInstructions/\(position)"
    }
  }
}
