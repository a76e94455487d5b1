import Partners

extension Check {
  static let operators = Check("operators", "whether each can be read, and can be told from who hands batches in") {
    patient in
    let registered = try OperatorDirectory(path: patient.home.operators).all()
    guard case .success(let configuration) = patient.configuration,
      configuration.operatorAuthentication == .certificate
    else { return [] }
    return registered.filter { $0.user == nil }.map { person in
      .warning(
        person.name,
        "it has no login, so what it signs elsewhere releases no batch that somebody handed in with disburse process",
        remedy: "register it with disburse operator update \(person.name) --user LOGIN")
    }
  }
}
