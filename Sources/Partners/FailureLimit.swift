/// When so many of a batch's instructions fail that something must be wrong with all of them.
public struct FailureLimit: Hashable, Sendable {
  /// The share of failures that is too many, in percent, 1–100.
  public let percent: Int
  /// How many must have been answered before the share says anything.
  public let minimumAnswers: Int

  /// The minimum where a partner's file names none.
  public static let defaultMinimumAnswers = 100

  /// A limit of `percent` of at least `minimumAnswers`; `nil` when either is out of range.
  public init?(percent: Int, minimumAnswers: Int = defaultMinimumAnswers) {
    guard (1...100).contains(percent), minimumAnswers >= 1 else { return nil }
    self.percent = percent
    self.minimumAnswers = minimumAnswers
  }

  /// The limit that an operator or a partner's file writes as `20%`.
  public init?(_ text: String, minimumAnswers: Int = defaultMinimumAnswers) {
    guard text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return nil }
    self.init(percent: percent, minimumAnswers: minimumAnswers)
  }

  /// Whether `failed` of `answered` are too many.
  public func isReached(failed: Int, of answered: Int) -> Bool {
    answered >= minimumAnswers && failed.multipliedFullWidth(by: 100) >= answered.multipliedFullWidth(by: percent)
  }
}

extension FailureLimit: CustomStringConvertible {
  /// As it is written: `20%`.
  public var description: String { "\(percent)%" }
}
