import ArgumentParser
import Batch
import Journal

/// Which page, on every command that lists.
struct PagingOptions: ParsableArguments {
  @Option(help: "At most so many, from 1 to 10000.")
  var limit = 50
  @Option(help: ArgumentHelp("The next page: what the page before named as next.", valueName: "token"))
  var after: String?

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000.") }
  }

  /// The place after which a page of lines begins; a number is a position in `batch`.
  func place(in batch: BatchNumber? = nil, order: LineOrder) throws -> LineCursor? {
    guard let after else { return nil }
    if let batch, let position = Int(after), (0...Int(UInt32.max)).contains(position) {
      return LineCursor(batch: batch, position: position, order: order)
    }
    guard let cursor = LineCursor(token: after), cursor.order == order else { throw unknown(after) }
    return cursor
  }

  /// The batch before which a page of batches begins.
  func batch() throws -> BatchNumber? {
    guard let after else { return nil }
    guard after.hasPrefix("l"), let number = Int64(after.dropFirst(), radix: 36) else { throw unknown(after) }
    return BatchNumber(rawValue: number)
  }

  /// The word for `batch`.
  static func token(of batch: BatchNumber) -> String { "l" + String(batch.rawValue, radix: 36) }

  /// Tells a person that there is more.
  static func tell(_ next: String?) {
    if let next { Output.complain("more: the same with --after \(next)") }
  }

  private func unknown(_ token: String) -> ValidationError {
    ValidationError("--after \(token) is not what a page of this command named as next.")
  }
}

/// Between which instants.
struct TimeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At this instant or later.", valueName: "2026-11-22T00:00:00Z"))
  var from: Instant?
  @Option(help: ArgumentHelp("Before this instant.", valueName: "2026-11-23T00:00:00Z"))
  var to: Instant?
  @Option(help: ArgumentHelp("On this day, UTC.", valueName: "2026-11-22"))
  var date: Day?

  func validate() throws {
    guard date == nil || (from == nil && to == nil) else {
      throw ValidationError("--date is a whole day: leave --from and --to out.")
    }
  }

  /// The first instant that is meant.
  var start: Timestamp? { date?.start ?? from?.timestamp }
  /// The first that is not meant any more.
  var end: Timestamp? { date?.end ?? to?.timestamp }
}

/// Who is paid.
struct PayeeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("To this payee only: the identifier, such as a phone number.", valueName: "id"))
  var payee: String?
  @Option(help: ArgumentHelp("For this beneficiary only: the functional ID.", valueName: "id"))
  var beneficiary: String?

  /// The journal keeps a number in international digits alone, as the documents are read.
  var payeeID: String? { payee.map { $0.hasPrefix("+") ? String($0.dropFirst()) : $0 } }
}

/// Which payments, and how much of them is shown.
struct PaymentOptions: ParsableArguments {
  @Option(help: ArgumentHelp("successful, failed or pending; or a state such as in-doubt.", valueName: "status"))
  var status: String?
  @Option(help: ArgumentHelp("Failed or in doubt for this reason: its code.", valueName: "code"))
  var reason: String?
  @Option(help: ArgumentHelp("Under this ID of the partner's.", valueName: "id"))
  var instruction: String?
  @OptionGroup var payee: PayeeOptions
  @Flag(help: "Show payees and beneficiaries in full; else a table has their last two characters, JSON nothing.")
  var reveal = false

  func states() throws -> Set<InstructionLifecycle.State> {
    guard let status else { return [] }
    switch status.lowercased() {
    case "successful": return [.settled]
    case "failed": return [.rejected]
    case "pending": return [.admitted, .claimed, .sent, .inDoubt]
    default:
      guard let state = InstructionLifecycle.State.allCases.first(where: { $0.name == status.lowercased() }) else {
        throw ValidationError("\(status) is no status of an instruction.")
      }
      return [state]
    }
  }

  func apply(to query: inout LineQuery) throws {
    query.states = try states()
    query.reason = reason.map(ReasonCode.init)
    query.instructionID = instruction
    query.payeeID = payee.payeeID
    query.payeeFunctionalID = payee.beneficiary
  }
}

/// An instant on the command line, RFC 3339.
struct Instant: ExpressibleByArgument {
  let timestamp: Timestamp

  init?(argument: String) {
    guard let timestamp = Timestamp(rfc3339: argument) else { return nil }
    self.timestamp = timestamp
  }
}

/// A day of UTC on the command line.
struct Day: ExpressibleByArgument {
  let start: Timestamp
  var end: Timestamp { Timestamp(millisecondsSinceEpoch: start.millisecondsSinceEpoch + 86_400_000) }

  init?(argument: String) {
    guard argument.utf8.count == 10, let start = Timestamp(rfc3339: argument + "T00:00:00Z") else { return nil }
    self.start = start
  }
}
