import Batch
import Logging

/// How a line of the log is written.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
  /// `2026-11-22T01:02:03.004Z info spool: taken file=a.p7m partner=social-registry`
  case text
  /// One JSON object on a line.
  case json

  /// One event as a line with its end; nothing in it can begin another line.
  func line(
    at instant: Timestamp, _ level: Logger.Level, from label: String, _ message: String, _ fields: Logger.Metadata
  ) -> [UInt8] {
    let fields = fields.sorted { $0.key < $1.key }
    var line: String
    switch self {
    case .text:
      line = "\(Self.time(instant)) \(level.rawValue) \(label): \(message)"
      for (name, value) in fields { line += " \(name)=\(Self.word(Self.bounded("\(value)")))" }
    case .json:
      let object = JSONValue.object(
        [
          ("at", .string(Self.time(instant))), ("level", .string(level.rawValue)), ("from", .string(label)),
          ("message", .string(message)),
        ] + (fields.isEmpty ? [] : [("fields", .object(fields.map { ($0.key, Self.json($0.value)) }))]))
      line = String(decoding: object.serialized(), as: UTF8.self)
    }
    // In JSON what is active above ASCII can only stand in a string, where `\u202E` is the same character.
    return Array(LineText.escaped(line).utf8) + [UInt8(ascii: "\n")]
  }

  private static let longestValue = 1_000

  /// With milliseconds always, so that lines stand under each other and sort as text.
  private static func time(_ instant: Timestamp) -> String {
    let text = instant.rfc3339
    return text.utf8.contains(UInt8(ascii: ".")) ? text : text.dropLast() + ".000Z"
  }

  /// A value as it is when it is one word, else in quotation marks.
  private static func word(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != UInt8(ascii: "=") }
    guard value.isEmpty || !isPlain else { return value }
    return String(decoding: JSONValue.string(value).serialized(), as: UTF8.self)
  }

  private static func bounded(_ value: String) -> String {
    value.utf8.count <= longestValue ? value : value.prefix(longestValue / 4) + "…"
  }

  private static func json(_ value: Logger.MetadataValue) -> JSONValue {
    switch value {
    case .string(let text): .string(bounded(text))
    case .stringConvertible(let value as Int): .integer(Int64(value))
    case .stringConvertible(let value): .string(bounded("\(value)"))
    case .array(let values): .array(values.map(json))
    case .dictionary(let members): .object(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
    }
  }
}
