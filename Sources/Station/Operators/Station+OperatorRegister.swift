import Batch
import Cryptography
import Journal
public import Partners

/// What is said of an operator; what is `nil` stays as it is.
public struct OperatorTerms: Sendable {
  /// The path of a certificate (PEM); an empty text takes it away.
  public var certificate: String?
  /// The login name; an empty text takes it away.
  public var user: String?
  /// Terms that say nothing.
  public init() {}
}

extension Station {
  /// Registers a new operator.
  public func addOperator(_ name: String, _ terms: OperatorTerms) async throws -> Operator {
    // Opened first: what can't be written down is not done.
    let journal = try journal()
    let added = try `operator`(terms, over: Operator(name: name, user: nil, certificate: nil))
    try operators.add(added)
    try await note(added, as: "operator.added", in: journal)
    return added
  }

  /// Changes what `terms` says and leaves the rest.
  public func updateOperator(_ name: String, _ terms: OperatorTerms) async throws -> Operator {
    let journal = try journal()
    let updated = try `operator`(terms, over: operators.operator(named: name))
    try operators.update(updated)
    try await note(updated, as: "operator.updated", in: journal)
    return updated
  }

  /// Takes an operator off the register. What they approved stays approved.
  public func removeOperator(_ name: String) async throws {
    let journal = try journal()
    try operators.remove(named: name)
    try await note(Operator(name: name, user: nil, certificate: nil), as: "operator.removed", in: journal)
  }

  private func `operator`(_ terms: OperatorTerms, over present: Operator) throws -> Operator {
    var certificate = present.certificate
    if let path = terms.certificate {
      let named = path.isEmpty ? nil : try certificates(path, for: .signing)
      if let named, named.count != 1 {
        throw StationError.certificate(path: path, reason: "an operator has one certificate, there are \(named.count)")
      }
      certificate = named?.first
    }
    let user = terms.user.map { $0.isEmpty ? nil : $0 } ?? present.user
    return Operator(name: present.name, user: user, certificate: certificate)
  }

  private func note(_ operator: Operator, as action: String, in journal: any Journal) async throws {
    var details = [AuditEvent.Detail("operator", `operator`.name)]
    if let user = `operator`.user { details.append(.init("user", user)) }
    var event = AuditEvent(AuditAction(rawValue: action), by: actor, details: details)
    event.key = `operator`.certificate?.fingerprint
    try await journal.note(event, at: clock.now())
  }
}
