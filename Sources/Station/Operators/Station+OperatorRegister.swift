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
    let added = try `operator`(terms, over: Operator(name: name, user: nil, certificate: nil))
    try await change(event(added, "operator.added")) { try operators.add(added) }
    return added
  }

  /// Changes what `terms` says and leaves the rest.
  public func updateOperator(_ name: String, _ terms: OperatorTerms) async throws -> Operator {
    let updated = try `operator`(terms, over: operators.operator(named: name))
    try await change(event(updated, "operator.updated")) { try operators.update(updated) }
    return updated
  }

  /// Takes an operator off the register. What they approved stays approved.
  public func removeOperator(_ name: String) async throws {
    try await change(event(Operator(name: name, user: nil, certificate: nil), "operator.removed")) {
      try operators.remove(named: name)
    }
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

  private func event(_ operator: Operator, _ action: String) -> AuditEvent {
    var details = [AuditEvent.Detail("operator", `operator`.name)]
    if let user = `operator`.user { details.append(.init("user", user)) }
    var event = AuditEvent(AuditAction(rawValue: action), by: actor, details: details)
    event.key = `operator`.certificate?.fingerprint
    return event
  }
}
