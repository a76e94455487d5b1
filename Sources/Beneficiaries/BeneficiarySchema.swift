internal import Storage

/// What `beneficiaries.sqlite` holds: one row for each functional ID, in the order of the IDs' bytes.
enum BeneficiarySchema {
  static let schema = StoreSchema(applicationID: 0x6469_426E, steps: [version1])

  private static let version1 = """
    CREATE TABLE beneficiary (
      id TEXT NOT NULL PRIMARY KEY, modality TEXT NOT NULL, provider TEXT, address TEXT, state INTEGER NOT NULL
    ) WITHOUT ROWID, STRICT;
    """
}
