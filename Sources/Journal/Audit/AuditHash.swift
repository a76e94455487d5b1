internal import Batch
internal import Cryptography

/// The hash of an entry: SHA-256 over its number, its instant and every field, each with its length before it, so that
/// no two entries give the same bytes, and over the hash of the entry before.
enum AuditHash {
  static func of(number: Int64, at: Timestamp, _ event: AuditEvent, previous: [UInt8]) throws -> [UInt8] {
    var bytes = Array("disburse audit 1\0".utf8)
    bytes.append(contentsOf: previous)
    append(UInt64(bitPattern: number), to: &bytes)
    append(UInt64(bitPattern: at.millisecondsSinceEpoch), to: &bytes)
    let fields: [String?] = [
      event.action.rawValue, event.actor.rawValue, event.partner, event.batchID, event.file, event.key,
    ]
    for field in fields { append(field, to: &bytes) }
    append(UInt64(event.details.count), to: &bytes)
    for detail in event.details {
      append(detail.name, to: &bytes)
      append(detail.value, to: &bytes)
    }
    return try SHA256.digest(bytes).bytes
  }

  /// A field that is absent is another than one that is empty.
  private static func append(_ field: String?, to bytes: inout [UInt8]) {
    guard let field else { return bytes.append(0) }
    bytes.append(1)
    append(UInt64(field.utf8.count), to: &bytes)
    bytes.append(contentsOf: field.utf8)
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
