internal import Batch

/// One entry of a file: a beneficiary, or what is wrong with it.
struct ImportEntry {
  let place: ImportPlace
  let content: Result<StatedBeneficiary, Faults>

  struct Faults: Error { let messages: [String] }

  init(_ place: ImportPlace, _ content: Result<StatedBeneficiary, Faults>) {
    self.place = place
    self.content = content
  }

  init(_ place: ImportPlace, fault: String) {
    self.init(place, .failure(Faults(messages: [fault])))
  }
}

/// A beneficiary as a file states it.
struct StatedBeneficiary {
  let beneficiary: Beneficiary
  /// Whether the file says if it is paid. If not, one that is known stays as it is, since a list of accounts must not
  /// open again what an operator has closed.
  let statesState: Bool
}

/// The texts of one entry, by what they are.
struct StatedFields {
  var id: String?
  var modality: String?
  var provider: String?
  var address: String?
  var state: String?
  /// What is wrong with them before they are read.
  var faults: [String] = []

  subscript(field: BeneficiaryField) -> String? {
    get {
      switch field {
      case .id: id
      case .modality: modality
      case .provider: provider
      case .address: address
      case .state: state
      }
    }
    set {
      switch field {
      case .id: id = newValue
      case .modality: modality = newValue
      case .provider: provider = newValue
      case .address: address = newValue
      case .state: state = newValue
      }
    }
  }

  /// The beneficiary, or everything that is wrong.
  func read() -> Result<StatedBeneficiary, ImportEntry.Faults> {
    var faults = self.faults
    let stated = take(.id, &faults) { text -> Result<FunctionalID, InvalidIdentifier> in
      Result { () throws(InvalidIdentifier) in try FunctionalID(stated: text) }
    }
    let modality = take(.modality, &faults) { text in
      Modality(code: text).map(Result.success) ?? .failure(InvalidIdentifier("is not 00, 01, 02, 03 or 04"))
    }
    let known = state.map { text in BeneficiaryState.allCases.first { $0.name == text.lowercased() } }
    if case .some(nil) = known { faults.append("\(BeneficiaryField.state.rawValue): is not active or inactive") }
    guard let id = stated, let modality, faults.isEmpty else { return .failure(.init(messages: faults)) }
    do throws(BeneficiaryFault) {
      let beneficiary = try Beneficiary(
        id: id, modality: modality, provider: provider, address: address, state: known?.flatMap(\.self) ?? .active)
      return .success(StatedBeneficiary(beneficiary: beneficiary, statesState: state != nil))
    } catch {
      return .failure(.init(messages: ["\(error)"]))
    }
  }

  private func take<Value>(
    _ field: BeneficiaryField, _ faults: inout [String], _ read: (String) -> Result<Value, InvalidIdentifier>
  ) -> Value? {
    guard let text = self[field] else {
      // A member of the wrong type has told its fault.
      if !faults.contains(where: { $0.hasPrefix(field.rawValue) }) { faults.append("\(field.rawValue): is missing") }
      return nil
    }
    switch read(text) {
    case .success(let value): return value
    case .failure(let error):
      faults.append("\(field.rawValue): \(error.fault)")
      return nil
    }
  }
}
