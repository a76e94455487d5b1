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

    init(_ state: InstructionLifecycle.State) {
      switch state {
      case .admitted, .claimed, .sent: self = .waiting
      case .inDoubt: self = .inDoubt
      case .settled: self = .succeeded
      case .rejected: self = .failed
      }
    }
  }

  private struct Key: Hashable {
    var standing: Standing
    /// The code; empty for lines without an amount.
    var currency: String
  }
  private struct Tally {
    var count = 0
    var amount: Int64 = 0
    var isChanged = false
  }

  private let batch: BatchNumber
  private var tallies: [Key: Tally] = [:]

  /// What is stored for `batch`.
  init(of batch: BatchNumber, in db: Database) throws {
    self.batch = batch
    let rows = try db.bulk("SELECT standing, currency, count, amount FROM tally WHERE batch = ?")
    rows.bind(batch.rawValue, at: 1)
    while try rows.step() {
      guard let standing = Standing(rawValue: rows.int(0)) else {
        throw JournalError.impossible("a tally of an unknown standing")
      }
      tallies[Key(standing: standing, currency: rows.text(1))] = Tally(count: rows.int(2), amount: rows.int64(3))
    }
  }

  /// Counts `count` lines that hold `amount` together; negative to take them away.
  mutating func add(_ count: Int, _ amount: Int64, currency: String, to standing: Standing) throws {
    let key = Key(standing: standing, currency: currency)
    var tally = tallies[key] ?? Tally()
    let (sum, overflow) = tally.amount.addingReportingOverflow(amount)
    guard !overflow else { throw JournalError.impossible("the sum of a batch in \(currency) does not fit 64 bits") }
    tally.amount = sum
    tally.count += count
    guard tally.count >= 0 else { throw JournalError.impossible("a line left a tally that it was not in") }
    tally.isChanged = true
    tallies[key] = tally
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

  /// Refuses lines whose sum over all groups does not fit: then no group's sum ever overflows, whatever their fates.
  func checkSums() throws {
    var sums: [String: Int64] = [:]
    for (key, tally) in tallies {
      let (sum, overflow) = sums[key.currency, default: 0].addingReportingOverflow(tally.amount)
      guard !overflow else {
        throw JournalError.impossible("the sum of a batch in \(key.currency) does not fit 64 bits")
      }
      sums[key.currency] = sum
    }
  }

  /// Writes what changed.
  func store(in db: Database) throws {
    let write = try db.bulk(
      "INSERT OR REPLACE INTO tally (batch, standing, currency, count, amount) VALUES (?,?,?,?,?)")
    for (key, tally) in tallies where tally.isChanged {
      write.bind(batch.rawValue, at: 1)
      write.bind(key.standing.rawValue, at: 2)
      write.bind(key.currency, at: 3)
      write.bind(tally.count, at: 4)
      write.bind(tally.amount, at: 5)
      try write.run()
    }
  }

  /// What people are told.
  var summary: BatchSummary {
    var summary = BatchSummary()
    for (key, tally) in tallies where tally.count > 0 {
      switch key.standing {
      case .waiting: add(tally, key.currency, to: &summary.pending)
      case .inDoubt:
        add(tally, key.currency, to: &summary.pending)
        summary.inDoubtCount += tally.count
      case .succeeded: add(tally, key.currency, to: &summary.succeeded)
      case .failed: add(tally, key.currency, to: &summary.failed)
      }
    }
    return summary
  }

  private func add(_ tally: Tally, _ code: String, to group: inout BatchSummary.Tally) {
    group.count += tally.count
    // The sum of all groups was checked to fit when the lines were appended: see `checkSums`.
    if let currency = Currency(code: code) { group.amounts[currency, default: 0] += tally.amount }
  }
}
