public import Batch
import Yams

/// A partner as its file in `partners/` spells it. Keys that are absent have their defaults.
struct PartnerRecord: Codable {
  var name: String
  var signingCertificates: [String]
  var encryptionCertificates: [String]
  var requireSignatures: Int?
  var requireControl: Bool?
  var programs: [String]?
  var currencies: [String]?
  var kinds: [String]?
  var maxInstruction: [String: String]?
  var maxBatch: [String: String]?
  var maxDay: [String: String]?
  var requireRelease: Bool?
  var stopAtFailureRate: String?
  var stopAfterAtLeast: Int?
  var onInvalidInstruction: String?
  var onDuplicate: String?
  var notices: NoticesRecord?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, signingCertificates, encryptionCertificates, requireSignatures, requireControl, programs, currencies
    case kinds, maxInstruction, maxBatch, maxDay, requireRelease, stopAtFailureRate, stopAfterAtLeast
    case onInvalidInstruction, onDuplicate, notices
  }

  /// Refuses a key that means nothing, or that has no value: a rule that was misspelt would be no rule.
  static func checkKeys(of text: String) throws {
    guard let mapping = try Yams.compose(yaml: text)?.mapping else {
      throw PartnersError.badPolicy("not a partner's file: there are no keys in it")
    }
    for (key, value) in mapping {
      let name = key.string ?? "\(key)"
      guard CodingKeys(stringValue: name) != nil else {
        let known = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
        throw PartnersError.badPolicy("\(name) is no key of a partner's file; there are \(known)")
      }
      if value.null != nil { throw PartnersError.badPolicy("\(name) has no value; leave it out for its default") }
      for key in value.mapping?.keys.map({ $0.string ?? "\($0)" }) ?? [] where name == CodingKeys.notices.rawValue {
        guard NoticesRecord.CodingKeys(stringValue: key) == nil else { continue }
        throw PartnersError.badPolicy("notices.\(key) is no key of a partner's file; there are command, directory")
      }
    }
  }

  init(_ partner: Partner, signing: [String], encryption: [String]) {
    let policy = partner.policy
    name = partner.name
    signingCertificates = signing
    encryptionCertificates = encryption
    requireSignatures = policy.requiredSignatures
    requireControl = policy.requiresControl ? true : nil
    programs = policy.programs?.sorted()
    currencies = policy.currencies?.sorted().map(\.code)
    kinds = policy.kinds?.map(\.name).sorted()
    maxInstruction = Self.texts(policy.maximumInstruction)
    maxBatch = Self.texts(policy.maximumBatch)
    maxDay = Self.texts(policy.maximumDay)
    requireRelease = policy.requiresRelease ? true : nil
    stopAtFailureRate = policy.failureLimit?.description
    stopAfterAtLeast = policy.failureLimit?.minimumAnswers
    onInvalidInstruction = policy.onInvalidInstruction.rawValue
    onDuplicate = policy.onDuplicate.rawValue
    notices = NoticesRecord(policy.notices)
  }

  func policy() throws(PartnersError) -> PartnerPolicy {
    var policy = PartnerPolicy()
    policy.requiredSignatures = requireSignatures ?? 1
    policy.requiresControl = requireControl ?? false
    policy.programs = programs.map(Set.init)
    if let currencies { policy.currencies = Set(try currencies.map(Self.currency)) }
    if let kinds { policy.kinds = Set(try kinds.map(BatchKind.init(policyName:))) }
    policy.maximumInstruction = try Self.limits(maxInstruction)
    policy.maximumBatch = try Self.limits(maxBatch)
    policy.maximumDay = try Self.limits(maxDay)
    policy.requiresRelease = requireRelease ?? false
    if let text = stopAtFailureRate {
      guard
        let limit = FailureLimit(text, minimumAnswers: stopAfterAtLeast ?? FailureLimit.defaultMinimumAnswers)
      else {
        throw .badPolicy("stopAtFailureRate is 1% to 100%, and stopAfterAtLeast at least 1, not \(text)")
      }
      policy.failureLimit = limit
    } else if stopAfterAtLeast != nil {
      throw .badPolicy("stopAfterAtLeast goes with stopAtFailureRate")
    }
    if let onInvalidInstruction {
      guard let rule = PartnerPolicy.InvalidInstructionRule(rawValue: onInvalidInstruction) else {
        throw .badPolicy("onInvalidInstruction is continue or reject-batch, not \(onInvalidInstruction)")
      }
      policy.onInvalidInstruction = rule
    }
    if let onDuplicate {
      guard let rule = PartnerPolicy.DuplicateRule(rawValue: onDuplicate) else {
        throw .badPolicy("onDuplicate is reject-batch or reject-instruction, not \(onDuplicate)")
      }
      policy.onDuplicate = rule
    }
    policy.notices = try NoticeTargets(command: notices?.command, directory: notices?.directory)
    return policy
  }

  private static func texts(_ limits: [Currency: Money]) -> [String: String]? {
    limits.isEmpty ? nil : Dictionary(uniqueKeysWithValues: limits.map { ($0.key.code, $0.value.decimal) })
  }

  private static func limits(_ texts: [String: String]?) throws(PartnersError) -> [Currency: Money] {
    var limits: [Currency: Money] = [:]
    for (code, text) in texts ?? [:] {
      let currency = try currency(code)
      guard let amount = Money(decimal: text, currency: currency), amount.minorUnits > 0 else {
        throw .badPolicy("\(text) is no amount of \(code) for a limit")
      }
      limits[currency] = amount
    }
    return limits
  }

  private static func currency(_ code: String) throws(PartnersError) -> Currency {
    guard let currency = Currency(code: code) else { throw .badPolicy("\(code) is no currency of ISO 4217") }
    return currency
  }
}

extension BatchKind {
  /// The word in a partner's rules: "credit", "voucher".
  public var name: String {
    switch self {
    case .credit: "credit"
    case .voucher: "voucher"
    }
  }

  /// The kind that a partner's rules call `policyName`.
  public init(policyName: String) throws(PartnersError) {
    guard let kind = Self.allCases.first(where: { $0.name == policyName }) else {
      throw .badPolicy(
        "\(policyName) is no kind of batch; there are \(Self.allCases.map(\.name).joined(separator: ", "))")
    }
    self = kind
  }
}
