public import Storage

extension AccountMapper {
  /// Examines the file that the beneficiaries are in.
  public func examineStore(_ reading: StoreReading) async throws(StorageError) -> StoreExamination {
    try await store.examine(reading)
  }
}
