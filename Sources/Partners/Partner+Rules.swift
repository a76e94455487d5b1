import Yams

extension Partner {
  /// What it may do, as its file spells it, without the certificates; what has its default is left out.
  ///
  /// For the audit trail, which tells one state of a partner from the next.
  public func rules() throws(PartnersError) -> [String: String] {
    do {
      let text = try YAMLEncoder().encode(PartnerRecord(self, signing: [], encryption: []))
      var rules: [String: String] = [:]
      for (key, value) in try Yams.compose(yaml: text)?.mapping ?? [:] {
        guard let name = key.string, !["name", "signingCertificates", "encryptionCertificates"].contains(name) else {
          continue
        }
        rules[name] = Self.words(value)
      }
      return rules
    } catch { throw .badPolicy("the rules of \(name) can't be spelled: \(error)") }
  }

  private static func words(_ node: Node) -> String {
    if let sequence = node.sequence { return sequence.map(words).joined(separator: ",") }
    if let mapping = node.mapping {
      return mapping.map { "\(words($0.key))=\(words($0.value))" }.sorted().joined(separator: ",")
    }
    return node.scalar?.string ?? ""
  }
}
