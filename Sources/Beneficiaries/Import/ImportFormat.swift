/// How a file of beneficiaries is written.
public enum ImportFormat: String, Hashable, Sendable, CaseIterable {
  /// An array of objects, or an object with an array `beneficiaries`.
  case json
  /// A header row and a row for each beneficiary (RFC 4180).
  case csv

  /// The format that a path's extension names; `nil` for any other.
  public init?(extensionOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}
