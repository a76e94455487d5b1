internal import Batch
internal import Cryptography
internal import GRDB
internal import Storage

/// An entry as it is stored, byte for byte: what its hash is over, and what a check looks at before it believes any of it.
struct AuditRow {
  /// In the order of the hash.
  enum Field: Int, CaseIterable {
    case action, actor, partner, batchID, file, key
  }

  var number: Int64
  var at: Int64
  /// One for each `Field`; `nil` is NULL.
  var fields: [[UInt8]?]
  /// The details as JSON, exactly as stored.
  var details: [UInt8]
  var previous: [UInt8]

  init(_ event: AuditEvent, number: Int64, at now: Timestamp, previous: [UInt8]) {
    self.number = number
    at = now.millisecondsSinceEpoch
    fields = [
      event.action.rawValue, event.actor.rawValue, event.partner, event.batchID, event.file, event.key,
    ].map { $0.map { Array($0.utf8) } }
    details = AuditDetails.encode(event.details)
    self.previous = previous
  }

  /// The present row of a query for `AuditTrail.columns`.
  init(_ row: BulkStatement) {
    number = row.int64(0)
    at = row.int64(1)
    fields = (2...7).map { row.isNull($0) ? nil : row.blob($0) }
    details = row.blob(8)
    previous = row.blob(9)
  }

  subscript(_ field: Field) -> String? { fields[field.rawValue].map { String(decoding: $0, as: UTF8.self) } }

  /// SHA-256 over all of it, each field with its length before it, so that no two entries give the same bytes; the hash
  /// of the entry before is among them. `Docs/audit.md` has it for those who check with a program of their own.
  func hash() throws -> [UInt8] {
    var bytes = Self.name
    bytes.reserveCapacity(512)
    bytes.append(contentsOf: previous)
    Self.append(UInt64(bitPattern: number), to: &bytes)
    Self.append(UInt64(bitPattern: at), to: &bytes)
    for field in fields {
      // A field that is absent is another than one that is empty.
      guard let field else {
        bytes.append(0)
        continue
      }
      bytes.append(1)
      Self.append(UInt64(field.count), to: &bytes)
      bytes.append(contentsOf: field)
    }
    Self.append(UInt64(details.count), to: &bytes)
    bytes.append(contentsOf: details)
    return try bytes.withUnsafeBytes { try SHA256.digest($0).bytes }
  }

  private static let name = Array("disburse audit 1\0".utf8)

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
