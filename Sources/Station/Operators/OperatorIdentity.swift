import Batch
import Cryptography
import Envelope
import Journal
import Partners

/// Who gives an order, and how that is known.
struct OperatorIdentity {
  let actor: AuditActor
  /// `nil` for a system user who is no registered operator.
  let person: Operator?
  /// The system user who gives the order; `nil` when it was signed elsewhere, and may be carried in by anybody.
  let user: String?
  let proof: OrderProof
}

extension Station {
  /// Finds out who gives the order that `statement` tells for an operator of that name.
  func identify(
    _ credentials: OperatorCredentials, for order: BatchOrder, statement: (String) async throws -> [UInt8]
  ) async throws -> OperatorIdentity {
    let isSigned = credentials.key != nil || credentials.signature != nil
    switch configuration.operatorAuthentication {
    case .systemUser:
      guard !isSigned else {
        throw StationError.refused(
          "orders are not signed here: operators.authentication in disburse.yaml is \(OperatorAuthentication.systemUser.rawValue)"
        )
      }
      return try identifyByUser(credentials.name, mayBeUnknown: order != .approve)
    case .certificate:
      guard order.needsSignature || isSigned else { return try identifyByUser(credentials.name, mayBeUnknown: true) }
      return try await identifyBySignature(credentials, order, statement)
    }
  }

  private func identifyByUser(_ name: String?, mayBeUnknown: Bool) throws -> OperatorIdentity {
    let user = systemUser.name
    let registered = try operators.all()
    let proof = OrderProof(evidence: "system user \(user)")
    if let found = registered.first(where: { $0.user == user }) {
      guard name == nil || name == found.name else {
        throw StationError.operatorRefused(
          reason: "the system user \(user) is the operator \(found.name), not \(name ?? "")",
          remedy: "have the order given by \(name ?? "") under their own login")
      }
      return OperatorIdentity(actor: .operator(found.name), person: found, user: user, proof: proof)
    }
    let isSystemUser = configuration.operatorAuthentication == .systemUser
    guard mayBeUnknown, name == nil, registered.isEmpty || !isSystemUser else {
      throw StationError.operatorRefused(
        reason: registered.isEmpty
          ? "no operator is registered, and only an operator may do this"
          : "the system user \(user) is no registered operator",
        remedy: "register who may with disburse operator add NAME --user \(user)")
    }
    return OperatorIdentity(actor: .user(user), person: nil, user: user, proof: proof)
  }

  private func identifyBySignature(
    _ credentials: OperatorCredentials, _ order: BatchOrder,
    _ statement: (String) async throws -> [UInt8]
  ) async throws -> OperatorIdentity {
    guard let name = credentials.name else {
      throw StationError.operatorRefused(
        reason: "to \(order.verb) a batch here takes an operator's signature (operators.authentication: certificate)",
        remedy: """
          name the operator with --operator NAME, and their key with --key FILE, or the statement of --print-statement that \
          they signed with --signature FILE
          """)
    }
    let person = try operators.operator(named: name)
    let certificate: Certificate
    do throws(PartnersError) { certificate = try person.signingCertificate(at: clock.now()) } catch {
      throw StationError.operatorRefused(reason: "\(error)", remedy: nil)
    }
    let expected = try await statement(name)
    let signature: [UInt8]
    switch (credentials.key, credentials.signature) {
    case (let key?, nil): signature = try sign(expected, with: key, of: certificate)
    case (nil, let path?): signature = try TextFile.read(path)
    case (nil, nil), (_?, _?):
      throw StationError.operatorRefused(
        reason: "the order is to be signed by \(name)", remedy: "give --key FILE, or --signature FILE, and not both")
    }
    do throws(EnvelopeError) {
      let text = try SignedStatement.text(of: signature, signedBy: certificate)
      guard text == expected else {
        throw .badSignature("another statement was signed than this order's, as it is now")
      }
    } catch {
      throw StationError.operatorRefused(
        reason: "the signature for \(name) does not hold: \(error.message)",
        remedy: "print the statement again with --print-statement, and have it signed as it is")
    }
    return OperatorIdentity(
      actor: .operator(name), person: person, user: credentials.key == nil ? nil : systemUser.name,
      proof: OrderProof(evidence: certificate.fingerprint, signature: signature))
  }

  private func sign(_ text: [UInt8], with path: String, of certificate: Certificate) throws -> [UInt8] {
    let key = try PrivateKey(pem: TextFile.read(path))
    let pair: KeyPair
    do { pair = try KeyPair(certificate: certificate, privateKey: key) } catch {
      throw StationError.operatorRefused(
        reason: "\(path) is not the private key of the certificate \(certificate.subject)", remedy: nil)
    }
    return try SignedStatement.sign(text, by: pair)
  }
}
