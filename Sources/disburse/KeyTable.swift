import Batch
import Cryptography
import Station

/// The processor's key pairs, for a person and for a program.
enum KeyTable {
  static func show(_ keys: [ProcessorKeys.Entry], _ format: OutputFormat) {
    switch format {
    case .json: Output.print(.object([("keys", json(keys))]))
    case .table:
      var table = Table("PURPOSE", "#NUMBER", "ALGORITHM", "VALID UNTIL", "STATE", "SHA-256")
      for key in keys {
        table.add(
          key.purpose.rawValue, "\(key.number)", key.certificate.keyDescription, validUntil(key.certificate),
          words(for: key), String(key.certificate.fingerprint.prefix(16)) + "…")
      }
      table.print()
    }
  }

  static func json(_ keys: [ProcessorKeys.Entry]) -> JSONValue { .array(keys.map(json)) }

  private static func words(for key: ProcessorKeys.Entry) -> String {
    switch (key.state, key.purpose) {
    case (.current, _): "current"
    case (.overlapping(let end), .encryption): "opens until \(end.rfc3339)"
    case (.overlapping(let end), .signing): "signs no more, counts until \(end.rfc3339)"
    case (.ended(let end), _): "ended \(end.rfc3339)"
    }
  }

  private static func json(_ key: ProcessorKeys.Entry) -> JSONValue {
    let (state, end): (String, Timestamp?) =
      switch key.state {
      case .current: ("current", nil)
      case .overlapping(let end): ("overlapping", end)
      case .ended(let end): ("ended", end)
      }
    return .object(compacting: [
      ("purpose", .string(key.purpose.rawValue)), ("number", .integer(Int64(key.number))),
      ("algorithm", .string(key.certificate.keyDescription)), ("validUntil", .string(validUntil(key.certificate))),
      ("current", .bool(key.isCurrent)), ("state", .string(state)), ("ends", .optional(end?.rfc3339)),
      ("fingerprint", .string(key.certificate.fingerprint)),
    ])
  }

  private static func validUntil(_ certificate: Certificate) -> String {
    Timestamp(millisecondsSinceEpoch: certificate.notAfter * 1_000).rfc3339
  }
}
