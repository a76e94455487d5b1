internal import Batch
internal import GRDB
internal import Storage

/// The counts and sums of one batch, read and written in the transaction that changes its lines, so that a summary costs
/// a few rows however many lines there are.
struct Tallies {
  /// The groups that are told apart. The raw value is stored.
  enum Standing: Int, CaseIterable {
    case waiting = 0
    case inDoubt = 1
    case succeeded = 2
    case failed = 3
    /// Settled, but not by the batch's wallet.
    case byHand = 4

    init(_ state: InstructionLifecycle.State) {
      switch state {
      case .admitted, .claimed, .sent: self = .waiting
      case .inDoubt: self = .inDoubt
      case .settled: self = .succeeded
      case .rejected: self = .failed
      }
    }
  }

  private struct Tally {
    let standing: Standing
    /// The code; empty for lines without an amount.
    let currency: String
    var count = 0
    var amount: Int64 = 0
    var isChanged = false
  }

  private let batch: BatchNumber
  // A handful, looked through for each line: quicker than hashing.
  private var tallies: [Tally] = []

  /// What is stored for `batch`.
  init(of batch: BatchNumber, in db: Database) throws {
    self.batch = batch
    let rows = try db.bulk("SELECT standing, currency, count, amount FROM tally WHERE batch = ?")
    rows.bind(batch.rawValue, at: 1)
    while try rows.step() {
      guard let standing = Standing(rawValue: rows.int(0)) else {
        throw JournalError.impossible("a tally of an unknown standing")
      }
      tallies.append(
        Tally(standing: standing, currency: rows.text(1), count: rows.int(2), amount: rows.int64(3)))
    }
  }

  /// Counts `count` lines that hold `amount` together; negative to take them away.
  mutating func add(_ count: Int, _ amount: Int64, currency: String, to standing: Standing) throws {
    let index = index(of: standing, currency)
    let (sum, overflow) = tallies[index].amount.addingReportingOverflow(amount)
    guard !overflow else { throw JournalError.impossible("the sum of a batch in \(currency) does not fit 64 bits") }
    tallies[index].amount = sum
    tallies[index].count += count
    guard tallies[index].count >= 0 else {
      throw JournalError.impossible("a line left a tally that it was not in")
    }
    tallies[index].isChanged = true
  }

  private mutating func index(of standing: Standing, _ currency: String) -> Int {
    if let index = tallies.firstIndex(where: { $0.standing == standing && $0.currency == currency }) { return index }
    tallies.append(Tally(standing: standing, currency: currency))
    return tallies.count - 1
  }

  /// Moves one line of `amount` to another group.
  mutating func move(
    _ amount: Int64, currency: String, from old: InstructionLifecycle.State, to new: InstructionLifecycle.State
  ) throws {
    let source = Standing(old)
    let target = Standing(new)
    guard source != target else { return }
    try add(-1, -amount, currency: currency, to: source)
    try add(1, amount, currency: currency, to: target)
  }

  /// Moves one line of `amount` to those that were settled by hand.
  mutating func settleByHand(_ amount: Int64, currency: String, from old: InstructionLifecycle.State) throws {
    try add(-1, -amount, currency: currency, to: Standing(old))
    try add(1, amount, currency: currency, to: .byHand)
  }

  /// Refuses lines whose sum over all groups does not fit: then no group's sum ever overflows, whatever their fates.
  func checkSums() throws {
    var sums: [String: Int64] = [:]
    for tally in tallies {
      let (sum, overflow) = sums[tally.currency, default: 0].addingReportingOverflow(tally.amount)
      guard !overflow else {
        throw JournalError.impossible("the sum of a batch in \(tally.currency) does not fit 64 bits")
      }
      sums[tally.currency] = sum
    }
  }

  /// Writes what changed.
  func store(in db: Database) throws {
    let write = try db.bulk(
      "INSERT OR REPLACE INTO tally (batch, standing, currency, count, amount) VALUES (?,?,?,?,?)")
    for tally in tallies where tally.isChanged {
      write.bind(batch.rawValue, at: 1)
      write.bind(tally.standing.rawValue, at: 2)
      write.bind(tally.currency, at: 3)
      write.bind(tally.count, at: 4)
      write.bind(tally.amount, at: 5)
      try write.run()
    }
  }

  /// What people are told.
  var summary: BatchSummary {
    var summary = BatchSummary()
    for tally in tallies where tally.count > 0 {
      switch tally.standing {
      case .waiting: add(tally, to: &summary.pending)
      case .inDoubt:
        add(tally, to: &summary.pending)
        summary.inDoubtCount += tally.count
      case .succeeded: add(tally, to: &summary.succeeded)
      case .byHand:
        add(tally, to: &summary.succeeded)
        add(tally, to: &summary.byHand)
      case .failed: add(tally, to: &summary.failed)
      }
    }
    return summary
  }

  private func add(_ tally: Tally, to group: inout BatchSummary.Tally) {
    group.count += tally.count
    // The sum of all groups was checked to fit when the lines were appended: see `checkSums`.
    if let currency = Currency(code: tally.currency) { group.amounts[currency, default: 0] += tally.amount }
  }
}
