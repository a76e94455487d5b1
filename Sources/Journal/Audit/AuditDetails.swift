internal import Batch

/// The named values of an event as the trail stores them: a JSON object, in their order.
enum AuditDetails {
  static func encode(_ details: [AuditEvent.Detail]) -> [UInt8] {
    JSONValue.object(details.map { ($0.name, .string($0.value)) }).serialized()
  }

  static func decode(_ bytes: [UInt8]) throws -> [AuditEvent.Detail] {
    let unreadable = JournalError.impossible("an entry of the audit trail whose details can't be read")
    guard case .object(let members) = try? JSONValue(parsing: bytes) else { throw unreadable }
    return try members.map { name, value in
      guard let text = value.text else { throw unreadable }
      return AuditEvent.Detail(name, text)
    }
  }
}
