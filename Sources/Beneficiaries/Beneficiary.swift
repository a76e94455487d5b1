public import Batch

/// Where the money of one functional ID goes. It prints masked.
public struct Beneficiary: Hashable, Sendable {
  /// What the registry calls the beneficiary.
  public let id: FunctionalID
  /// How the money gets there.
  public let modality: Modality
  /// The code of the provider that holds the account (GovStack: FSP code), at most 20 characters.
  public let provider: String?
  /// The account at the provider, at most 34 characters, in the form in which it is paid: an MSISDN in international
  /// digits, an IBAN without spaces. A voucher needs none.
  public let address: String?
  /// Whether it is paid.
  public let state: BeneficiaryState

  /// A beneficiary as someone states it.
  ///
  /// - Throws: `BeneficiaryFault` when a part breaks its rule.
  public init(
    id: FunctionalID, modality: Modality, provider: String? = nil, address: String? = nil,
    state: BeneficiaryState = .active
  ) throws(BeneficiaryFault) {
    if let provider, let fault = Self.fault(ofProvider: provider) { throw BeneficiaryFault(.provider, fault) }
    do throws(InvalidIdentifier) {
      if let account = try modality.account(stated: address) {
        self.address = account.id
      } else {
        // Nothing is paid to it; it is kept as the registry has it.
        self.address = try address.map { text throws(InvalidIdentifier) in try Payee(.alias, stated: text).id }
      }
    } catch {
      throw BeneficiaryFault(.address, error.fault)
    }
    self.id = id
    self.modality = modality
    self.provider = provider
    self.state = state
  }

  /// A beneficiary from the store, whose parts were checked before they were written.
  init(
    stored id: FunctionalID, modality: Modality, provider: String?, address: String?, state: BeneficiaryState
  ) {
    self.id = id
    self.modality = modality
    self.provider = provider
    self.address = address
    self.state = state
  }

  /// Who is paid; `nil` for a voucher, which is issued and not paid to an account.
  public var payee: Payee? {
    guard let address else { return nil }
    return modality.payeeKind(of: address).map { Payee(kind: $0, id: address) }
  }

  /// Whether the same money goes to the same place: all but the state.
  func leads(to other: Beneficiary) -> Bool {
    modality == other.modality && provider.isSame(as: other.provider) && address.isSame(as: other.address)
  }

  private static func fault(ofProvider code: String) -> String? {
    guard (1...20).contains(code.utf8.count) else { return "has 1 to 20 characters" }
    let isPlain = code.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain ? nil : "has a character other than A-Z a-z 0-9 . _ : -"
  }
}

/// Whether a beneficiary is paid.
public enum BeneficiaryState: Int64, Hashable, Sendable, CaseIterable {
  case active = 1
  /// A payment to it fails as `payee-inactive`.
  case inactive = 2

  /// The word in files and on the command line.
  public var name: String {
    switch self {
    case .active: "active"
    case .inactive: "inactive"
    }
  }
}

extension Beneficiary: CustomStringConvertible, CustomReflectable {
  /// The last characters of ID and account: "…78, 01 (mobile money), MSISDN …56".
  public var description: String { "\(id), \(modality.title)\(payee.map { ", \($0)" } ?? "")" }
  /// Shows no more than `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension String? {
  /// The same bytes, or nothing both.
  func isSame(as other: String?) -> Bool {
    switch (self, other) {
    case (let own?, let other?): own.utf8.elementsEqual(other.utf8)
    case (nil, nil): true
    case (nil, _), (_, nil): false
    }
  }
}
