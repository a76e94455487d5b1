internal import Batch

/// The named values of an event as the trail stores them: a JSON object, in their order.
enum AuditDetails {
  /// Several values of one name stand together, with a comma between: an object has each member once.
  static func encode(_ details: [AuditEvent.Detail]) -> [UInt8] {
    var members: [(name: String, value: String)] = []
    for detail in details {
      if let place = members.firstIndex(where: { $0.name == detail.name }) {
        members[place].value += "," + detail.value
      } else {
        members.append((detail.name, detail.value))
      }
    }
    return JSONValue.object(members.map { ($0.name, .string($0.value)) }).serialized()
  }

  /// The values; of bytes that are no such object, the bytes themselves. An entry can't be mended, and one that can't be
  /// read must not keep others from being shown: whether it was changed is for its hash to tell.
  static func decode(_ bytes: [UInt8]) -> [AuditEvent.Detail] {
    let details: [AuditEvent.Detail]? =
      if case .object(let members) = try? JSONValue(parsing: bytes) {
        members.reduce(into: []) { details, member in
          if let text = member.1.text { details?.append(AuditEvent.Detail(member.0, text)) } else { details = nil }
        }
      } else {
        nil
      }
    return details ?? [AuditEvent.Detail("unreadable", String(decoding: bytes, as: UTF8.self))]
  }
}
