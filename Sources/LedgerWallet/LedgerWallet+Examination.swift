public import Storage

extension LedgerWallet {
  /// Examines the file that the ledger is in.
  public func examineStore(_ reading: StoreReading) async throws(StorageError) -> StoreExamination {
    try await ledger.store.examine(reading)
  }
}
