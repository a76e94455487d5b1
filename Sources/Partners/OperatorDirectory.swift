import Cryptography
import FoundationEssentials
import Storage
import Yams

/// The register of operators: a directory with a file for each, certificates beside it.
public struct OperatorDirectory: Sendable {
  /// Where it is; it need not be there while nobody is registered.
  public let path: String

  /// The register at `path`.
  public init(path: String) { self.path = path }

  /// All operators, by name.
  public func all() throws(PartnersError) -> [Operator] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw .unusable(path: path, reason: "the directory of operators can't be read: \(error)")
    }
    var operators: [Operator] = []
    for name in names.filter({ $0.hasSuffix(".yaml") }).sorted() {
      let found = try self.operator(named: String(name.dropLast(".yaml".count)))
      // Whom one login or one key named twice would be the first of them.
      do { try checkIdentity(of: found, among: operators) } catch {
        throw .unusable(path: file(of: found.name), reason: "\(error)")
      }
      operators.append(found)
    }
    return operators
  }

  /// The operator of that name.
  public func `operator`(named name: String) throws(PartnersError) -> Operator {
    let file = try existingFile(of: name)
    do {
      let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
      try OperatorRecord.checkKeys(of: text)
      let record = try YAMLDecoder().decode(OperatorRecord.self, from: text)
      guard record.name == name else {
        throw PartnersError.badOperator("it names \(record.name); an operator's file has its name")
      }
      let found = Operator(
        name: name, user: record.user, certificate: try record.certificate.map { try certificate("\(path)/\($0)") })
      try check(found)
      return found
    } catch let error as PartnersError {
      throw .unusable(path: file, reason: "\(error)")
    } catch { throw .unusable(path: file, reason: "not an operator's file: \(error)") }
  }

  /// Registers a new operator.
  public func add(_ operator: Operator) throws(PartnersError) {
    try check(`operator`)
    guard !FileManager.default.fileExists(atPath: file(of: `operator`.name)) else {
      throw .badOperator(
        "the operator \(`operator`.name) is registered already; change it with disburse operator update")
    }
    try store(`operator`)
  }

  /// Replaces what is registered under the operator's name.
  public func update(_ operator: Operator) throws(PartnersError) {
    _ = try existingFile(of: `operator`.name)
    try store(`operator`)
  }

  /// Takes an operator off the register. What they approved stays approved.
  public func remove(named name: String) throws(PartnersError) {
    // Not read: an operator whose file can't be used can be removed.
    let file = try existingFile(of: name)
    do { try FileManager.default.removeItem(atPath: file) } catch {
      throw .unusable(path: file, reason: "it can't be removed: \(error)")
    }
  }

  private func store(_ operator: Operator) throws(PartnersError) {
    try check(`operator`)
    try checkIdentity(of: `operator`, among: all())
    var record = OperatorRecord(name: `operator`.name, user: `operator`.user)
    let place = file(of: `operator`.name)
    do {
      if !FileManager.default.fileExists(atPath: path) {
        // A home of an earlier version has none.
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      }
      if let certificate = `operator`.certificate {
        let name = "\(`operator`.name)-\(certificate.fingerprint.prefix(16)).crt"
        try DurableFile.write(Array(certificate.pem.utf8), to: "\(path)/\(name)", mode: 0o600)
        record.certificate = name
      }
      try DurableFile.write(Array(YAMLEncoder().encode(record).utf8), to: place, mode: 0o600)
    } catch { throw .unusable(path: place, reason: "it can't be written: \(error)") }
  }

  private func check(_ operator: Operator) throws(PartnersError) {
    let name = `operator`.name
    guard PartnerDirectory.isName(name) else { throw .badName(name) }
    if let user = `operator`.user, user.isEmpty || user.utf8.count > 64 {
      throw .badOperator("the system user of \(name) has 1 to 64 characters")
    }
    guard `operator`.user != nil || `operator`.certificate != nil else {
      throw .badOperator("the operator \(name) needs a system user or a certificate, to be known by")
    }
    if let certificate = `operator`.certificate, let fault = CertificateUse.signing.fault(of: certificate) {
      throw .badOperator(fault)
    }
  }

  /// Refuses a login or a key that names another operator: one person could then release their own order.
  private func checkIdentity(of operator: Operator, among others: [Operator]) throws(PartnersError) {
    for other in others where other.name != `operator`.name {
      if let user = `operator`.user, user == other.user {
        throw .badOperator("the system user \(user) is the operator \(other.name) already")
      }
      if let key = `operator`.certificate?.publicKeyDigest, key == other.certificate?.publicKeyDigest {
        throw .badOperator("the key of this certificate is the operator \(other.name)'s already")
      }
    }
  }

  private func certificate(_ file: String) throws(PartnersError) -> Certificate {
    do { return try Certificate(pem: String(contentsOf: URL(filePath: file), encoding: .utf8)) } catch {
      throw .unusable(path: file, reason: "not a certificate in PEM: \(error)")
    }
  }

  private func existingFile(of name: String) throws(PartnersError) -> String {
    guard PartnerDirectory.isName(name) else { throw .badName(name) }
    let file = file(of: name)
    guard FileManager.default.fileExists(atPath: file) else { throw .unknownOperator(name: name) }
    return file
  }

  private func file(of name: String) -> String { "\(path)/\(name).yaml" }
}
