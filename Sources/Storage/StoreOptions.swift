/// How a store is opened.
public struct StoreOptions: Hashable, Sendable {
  /// The writer's page cache, in KiB.
  public var writerCacheKiB = 8_192
  /// Each reader's page cache, in KiB.
  public var readerCacheKiB = 2_048
  /// How many readers there may be at once.
  public var maximumReaders = 4
  /// The log is moved into the database once it has so many pages.
  public var checkpointPages = 4_000
  /// Whether SQLite checks foreign keys.
  public var checksForeignKeys = false
  /// Whether the file must be there already: one that is lost must not be taken for one that is new.
  public var mustExist = false

  /// The defaults.
  public init() {}
}
