import Batch
import Cryptography
import Partners

extension Partner {
  /// The partner as `--format json` shows it.
  var json: JSONValue {
    func strings(_ values: [String]?) -> JSONValue { values.map { .array($0.map(JSONValue.string)) } ?? .null }
    func limits(_ limits: [Currency: Money]) -> JSONValue {
      .object(limits.sorted { $0.key < $1.key }.map { ($0.key.code, .string($0.value.decimal)) })
    }
    return .object([
      ("name", .string(name)),
      ("signingCertificates", .array(signingCertificates.map(\.json))),
      ("encryptionCertificates", .array(encryptionCertificates.map(\.json))),
      ("requireSignatures", .integer(Int64(policy.requiredSignatures))),
      ("requireControl", .bool(policy.requiresControl)),
      ("programs", strings(policy.programs?.sorted())),
      ("currencies", strings(policy.currencies?.sorted().map(\.code))),
      ("kinds", strings(policy.kinds?.map(\.name).sorted())),
      ("maxInstruction", limits(policy.maximumInstruction)),
      ("maxBatch", limits(policy.maximumBatch)),
      ("maxDay", limits(policy.maximumDay)),
      ("requireRelease", .bool(policy.requiresRelease)),
      ("stopAtFailureRate", policy.failureLimit.map { .string($0.description) } ?? .null),
      ("stopAfterAtLeast", policy.failureLimit.map { .integer(Int64($0.minimumAnswers)) } ?? .null),
      ("onInvalidInstruction", .string(policy.onInvalidInstruction.rawValue)),
      ("onDuplicate", .string(policy.onDuplicate.rawValue)),
      (
        "notices",
        .object([
          ("command", .optional(policy.notices.command) ?? .null),
          ("directory", .optional(policy.notices.directory) ?? .null),
        ])
      ),
    ])
  }

  /// Limits for a person: "50000 RWF, 200.00 EUR".
  func limits(_ limits: [Currency: Money]) -> String {
    limits.isEmpty
      ? "none" : limits.values.sorted { $0.currency < $1.currency }.map(\.description).joined(separator: ", ")
  }
}

extension Certificate {
  /// "valid 2026-11-22 to 2029-11-22".
  var validity: String {
    func day(_ second: Int64) -> Substring { Timestamp(millisecondsSinceEpoch: second * 1_000).rfc3339.prefix(10) }
    return "valid \(day(notBefore)) to \(day(notAfter))"
  }

  /// The certificate for a person, with as much of its fingerprint as names it.
  var line: String { "\(subject), \(keyDescription), \(validity), SHA-256 \(fingerprint.prefix(16))…" }

  /// The certificate as `--format json` shows it.
  var json: JSONValue {
    .object([
      ("subject", .string(subject)), ("fingerprint", .string(fingerprint)), ("algorithm", .string(keyDescription)),
      ("notBefore", .string(Timestamp(millisecondsSinceEpoch: notBefore * 1_000).rfc3339)),
      ("notAfter", .string(Timestamp(millisecondsSinceEpoch: notAfter * 1_000).rfc3339)),
    ])
  }
}
