import Batch
import Journal

/// What somebody is told of a batch, or of a file that became none. Counts and sums, and nothing of payees.
struct Notice: Hashable, Sendable {
  /// What happened.
  enum Event: String, Hashable, Sendable {
    /// It waits for an operator.
    case held
    /// Nobody is paid.
    case rejected
    /// A result with every line final.
    case completed
    /// A result with some lines pending; another follows.
    case partial
  }

  let event: Event
  /// The entry of the audit trail that it tells of: a message that comes twice has the same.
  let entry: Int64
  let at: Timestamp
  let partner: String?
  let batchID: String?
  let file: String?
  /// The entry's details by name.
  private let details: [String: String]

  /// The notice of an entry; `nil` for an entry that nobody is told of.
  init?(_ entry: AuditEntry) {
    let details = Dictionary(entry.event.details.map { ($0.name, $0.value) }) { first, _ in first }
    switch entry.event.action {
    case .batchHeld: event = .held
    // Whatever rejects a file, this entry is written in the end; `batch.rejected` stands before it.
    case .fileRejected: event = .rejected
    // The answer to a refused file is told by the refusal.
    case .resultPublished where details["status"] == "rejected": return nil
    case .resultPublished: event = details["pending"] == "0" ? .completed : .partial
    default: return nil
    }
    self.entry = entry.number
    at = entry.at
    partner = entry.event.partner
    batchID = entry.event.batchID
    file = entry.event.file
    self.details = details
  }

  /// The name of its file in a directory: sorted by entry, with nothing in it that a path or a shell could take ill.
  var fileName: String {
    let number = String(entry)
    let padded = String(repeating: "0", count: max(0, 12 - number.utf8.count)) + number
    let safe = (batchID ?? "unknown").unicodeScalars.prefix(64).map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-")
        ? Character(scalar) : "_"
    }
    return "\(padded)-\(event.rawValue)-\(String(safe)).json"
  }

  /// The message, one JSON object and a line feed.
  ///
  /// - Parameter outbox: where results are, to name the whole path.
  func message(from processor: String, outbox: String) -> [UInt8] {
    let object = JSONValue.object(compacting: [
      ("event", .string(event.rawValue)), ("entry", .integer(entry)), ("at", .string(at.rfc3339)),
      ("processor", .string(processor)), ("partner", .optional(partner)), ("batchID", .optional(batchID)),
      ("file", .optional(file)), ("code", .optional(details["code"])), ("cause", .optional(details["cause"])),
      ("message", .string(text)), ("summary", summary),
      ("revision", details["revision"].flatMap(Int64.init).map(JSONValue.integer)),
      ("result", details["result"].map { .string("\(outbox)/\($0)") }),
    ])
    return object.serialized() + [UInt8(ascii: "\n")]
  }

  private var summary: JSONValue? {
    let counts = ["succeeded", "failed", "pending"].compactMap { name in
      details[name].flatMap(Int64.init).map { (name, JSONValue.integer($0)) }
    }
    guard counts.count == 3 else { return nil }
    let prefix = "succeeded."
    let amounts = details.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map { name, amount in
      (String(name.dropFirst(prefix.count)), JSONValue.object([("succeeded", .string(amount))]))
    }
    return .object(counts + [("amounts", .object(amounts))])
  }

  /// A sentence of the program's own; an operator's note may say anything, and is not handed on.
  private var text: String {
    switch event {
    case .held:
      switch details["cause"] {
      case BatchHold.awaitingRelease.name: "the batch waits for its release by an operator"
      case BatchHold.failureRate.name: "too many instructions failed, and the rest is held until an operator resumes it"
      default: "an operator has stopped the batch"
      }
    case .rejected: "the file was rejected, and nobody was paid"
    case .completed: "the result is there, and every line is final"
    case .partial: "a result is there with some lines pending, and a later one follows"
    }
  }
}
