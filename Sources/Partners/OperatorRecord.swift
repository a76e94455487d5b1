import Yams

/// An operator as its file in `operators/` spells it.
struct OperatorRecord: Codable {
  var name: String
  var user: String?
  var certificate: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, user, certificate
  }

  /// Refuses a key that means nothing, or that has no value.
  static func checkKeys(of text: String) throws {
    guard let mapping = try Yams.compose(yaml: text)?.mapping else {
      throw PartnersError.badOperator("not an operator's file: there are no keys in it")
    }
    for (key, value) in mapping {
      let name = key.string ?? "\(key)"
      guard CodingKeys(stringValue: name) != nil else {
        let known = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
        throw PartnersError.badOperator("\(name) is no key of an operator's file; there are \(known)")
      }
      if value.null != nil { throw PartnersError.badOperator("\(name) has no value; leave it out") }
    }
  }
}
