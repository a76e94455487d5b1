/// What a registry calls a beneficiary: the ID that the account mapper has an account for.
///
/// It is compared byte by byte: Swift compares texts by canonical equivalence, documents and stores do not. It prints
/// masked, since it is often a person's number in a national register.
public struct FunctionalID: RawRepresentable, Hashable, Sendable {
  /// The text, at most 20 characters.
  public let rawValue: String

  /// An ID that was checked by the caller.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// An ID as someone states it.
  ///
  /// - Throws: `InvalidIdentifier` unless it is 1 to 20 characters without control characters or outer spaces.
  public init(stated text: String) throws(InvalidIdentifier) {
    try InvalidIdentifier.check(text, .upTo20)
    rawValue = text
  }

  /// The same bytes.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue.utf8.elementsEqual(right.rawValue.utf8) }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = rawValue
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension FunctionalID: Comparable {
  /// The order of the bytes, which is SQLite's.
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }
}

extension FunctionalID: CustomStringConvertible, CustomReflectable {
  /// The last two characters: "…78".
  public var description: String { "…\(rawValue.suffix(2))" }
  /// Shows no more than `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What keeps a text from being an identifier, in words that do not repeat it.
public struct InvalidIdentifier: Error, Hashable, Sendable {
  /// What is wrong: "is empty".
  public let fault: String

  /// A fault in words.
  public init(_ fault: String) { self.fault = fault }

  static func check(_ text: String, _ rule: TextRule) throws(InvalidIdentifier) {
    var text = text
    if let fault = text.withUTF8({ rule.fault($0) }) { throw InvalidIdentifier(fault) }
    // A space that a spreadsheet left at an end would make another identifier that looks the same.
    if text.hasPrefix(" ") || text.hasSuffix(" ") { throw InvalidIdentifier("begins or ends with a space") }
  }
}

extension Payee {
  /// A payee as someone registers it, under the rules that hold in a batch.
  public init(_ kind: Kind, stated id: String) throws(InvalidIdentifier) {
    try InvalidIdentifier.check(id, .payeeID)
    var refusal: Reason?
    self.init(kind, statedID: id, &refusal)
    if let refusal { throw InvalidIdentifier(refusal.message) }
  }
}
