public import Storage

/// The journal in one SQLite file.
///
/// A claim is one row for a range of positions, and a line has no outcome row until something is known of it: what is
/// done for every line is one insert at admission and one when it ends.
public final class SQLiteJournal: Journal {
  let store: SQLiteStore
  /// Who works with this journal, for the entries of the audit trail that no call names an actor for.
  let actor: AuditActor
  /// Runs after each publication and each operator's step, when both are durable.
  private let afterDecision: (@Sendable (SQLiteJournal) async -> Void)?
  /// The IDs of batches that are being admitted here.
  let recentIDs = RecentIDs()

  /// Opens the journal at `path`, or creates it. Its directory must be there, on a local disk.
  ///
  /// - Parameters:
  ///   - actor: whom the audit trail names for what is done through this object.
  ///   - afterDecision: runs after each publication and each operator's step, which is where a signed copy of the audit
  ///     trail's head is worth its write: they are few, and not on the way of a payment.
  public init(
    path: String, actor: AuditActor = .user("unknown"), options: StoreOptions = StoreOptions(),
    afterDecision: (@Sendable (SQLiteJournal) async -> Void)? = nil
  ) throws(JournalError) {
    self.actor = actor
    self.afterDecision = afterDecision
    do {
      store = try SQLiteStore(path: path, schema: JournalSchema.schema, options: options)
    } catch {
      throw JournalError(error)
    }
  }

  /// A publication or an operator's step is durable.
  func decided() async { await afterDecision?(self) }

  /// Closes the file; nothing that was returned from is lost without it.
  public func close() throws(JournalError) {
    do { try store.close() } catch { throw JournalError(error) }
  }
}
