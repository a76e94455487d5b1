/// A part of a beneficiary as documents name it.
public enum BeneficiaryField: String, Hashable, Sendable, CaseIterable {
  case id = "payeeFunctionalID"
  case modality = "paymentModality"
  case provider = "provider"
  case address = "financialAddress"
  case state = "state"

  /// The field that a member or a column means, in any case of its letters; `nil` for none.
  ///
  /// GovStack's own texts differ: `payeeFunctionalID` in the interface, `payeeIdentity` in its reference
  /// implementation, where the provider is `bankingInstitutionCode`.
  init?(named name: String) {
    switch name.lowercased() {
    case "payeefunctionalid", "payeeidentity", "functionalid", "id": self = .id
    case "paymentmodality", "modality": self = .modality
    case "provider", "fspcode", "bankinginstitutioncode": self = .provider
    case "financialaddress", "address": self = .address
    case "state": self = .state
    default: return nil
    }
  }
}

/// What is wrong with one part of a beneficiary, in words that do not repeat it.
public struct BeneficiaryFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which part.
  public let field: BeneficiaryField
  /// What is wrong: "is empty".
  public let fault: String

  init(_ field: BeneficiaryField, _ fault: String) {
    self.field = field
    self.fault = fault
  }

  /// "financialAddress: the MSISDN is not 8 to 15 digits …".
  public var description: String { "\(field.rawValue): \(fault)" }
}
