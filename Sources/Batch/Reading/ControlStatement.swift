/// What the sender says that the file holds: `control` in the document.
public struct ControlStatement: Hashable, Sendable {
  /// How many instructions.
  public var count: Int?
  /// What they sum to.
  public var total: Total?

  /// One number, or one for each currency.
  public enum Total: Hashable, Sendable {
    /// A number without currency, meant in the batch's.
    case plain(ExactDecimal)
    /// By ISO 4217 code.
    case byCurrency([String: ExactDecimal])
  }

  /// A statement of `count` and `total`.
  public init(count: Int? = nil, total: Total? = nil) {
    self.count = count
    self.total = total
  }
}
