public import Storage

extension SQLiteJournal {
  /// Examines the file that the journal is in.
  public func examineStore(_ reading: StoreReading) async throws(StorageError) -> StoreExamination {
    try await store.examine(reading)
  }
}
