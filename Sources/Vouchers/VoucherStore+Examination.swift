public import Storage

extension VoucherStore {
  /// Examines the file that the vouchers is in.
  public func examineStore(_ reading: StoreReading) async throws(StorageError) -> StoreExamination {
    try await store.examine(reading)
  }
}
