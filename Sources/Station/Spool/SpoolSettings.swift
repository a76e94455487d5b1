/// How the spool is watched: the keys `spool.*` of the configuration.
public struct SpoolSettings: Hashable, Sendable {
  /// For how long a file must have been still before it is taken. 0 takes it at sight, once its framing is whole.
  public var settleSeconds = 10
  /// For how long a file that ends too early must have been still before it is taken and refused.
  public var truncatedAfterSeconds = 600
  /// How often the inboxes are looked at, besides what the system tells of them.
  public var scanSeconds = 5
  /// How many files are received at once; a partner has one at a time.
  public var filesAtOnce = 4
  /// The settings that suit partners who cannot rename.
  public init() {}
}
