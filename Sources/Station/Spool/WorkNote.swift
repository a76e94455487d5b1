import Batch
import Cryptography
import Pipeline

/// What is known of a taken file, written down beside it before the next step: so that whatever is killed, the file ends
/// in the same places.
enum WorkNote: Hashable, Sendable {
  /// It is, or repeats, a batch of the journal, and is archived when that has a result with a revision above `answered`.
  case admitted(batchID: String, answered: Int)
  /// It is refused, and this is how.
  case refused(RefusedFile)
}

/// How a refused file ends: everything that is still to be done can be done from this alone, and any number of times.
struct RefusedFile: Hashable, Sendable {
  /// The number that the file's name has in `rejected/`, from 1: no file there is ever replaced.
  var number: Int
  /// What `NAME.rejected.json` says, byte for byte.
  let report: [UInt8]
  /// The sealed answer, for a sender that is known.
  var answer: SealedRefusal?

  /// Why it is refused, as its report says.
  var code: RejectionCode? {
    (try? JSONValue(parsing: report))?["code"]?.text.flatMap(RejectionCode.init(rawValue:))
  }
}

extension WorkNote {
  var json: JSONValue {
    switch self {
    case .admitted(let batchID, let answered):
      return .object([("batchID", .string(batchID)), ("answered", .integer(Int64(answered)))])
    case .refused(let refused):
      let answer = refused.answer.map { answer in
        JSONValue.object([
          ("place", .string(answer.place)), ("temporary", .string(answer.temporary)),
          ("sha256", .string(Hexadecimal.string(answer.digest))),
        ])
      }
      return .object(compacting: [
        ("number", .integer(Int64(refused.number))),
        ("report", .string(String(decoding: refused.report, as: UTF8.self))), ("answer", answer),
      ])
    }
  }

  /// Reads a note; `nil` when it is none.
  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return nil }
    if let batchID = value["batchID"]?.text, let answered = Self.count(value["answered"]) {
      self = .admitted(batchID: batchID, answered: answered)
      return
    }
    guard let number = Self.count(value["number"]), let report = value["report"]?.text else { return nil }
    var refused = RefusedFile(number: number, report: Array(report.utf8))
    if let answer = value["answer"] {
      guard let place = answer["place"]?.text, let temporary = answer["temporary"]?.text,
        let digest = answer["sha256"]?.text.flatMap(Self.bytes)
      else { return nil }
      refused.answer = SealedRefusal(place: place, temporary: temporary, digest: digest)
    }
    self = .refused(refused)
  }

  private static func count(_ value: JSONValue?) -> Int? {
    switch value {
    case .integer(let number): Int(exactly: number)
    case .number(let digits): Int(digits)
    default: nil
    }
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    guard digits.count == 64, hexadecimal.utf8.count == 64 else { return nil }
    return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
