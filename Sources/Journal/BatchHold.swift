/// What holds a batch. The raw value is what the journal stores.
public enum BatchHold: UInt8, Hashable, Sendable, CaseIterable {
  /// Its partner's batches are paid only after an operator's release.
  case awaitingRelease = 1
  /// Too many of its lines failed.
  case failureRate = 2
  /// An operator stopped it.
  case operatorStop = 3

  /// The word for people and programs.
  public var name: String {
    switch self {
    case .awaitingRelease: "awaiting-release"
    case .failureRate: "failure-rate"
    case .operatorStop: "operator-stop"
    }
  }
}
