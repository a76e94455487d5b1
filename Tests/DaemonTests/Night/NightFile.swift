/// A file that a partner drops at night, and where it must end.
struct NightFile: Sendable {
  enum End: Hashable, Sendable {
    /// Worked through: so many lines and so much money paid, and so many lines failed.
    case completed(paid: Int, sum: Int, failed: Int)
    /// Rejected with a code; a sealed answer where the signer is known.
    case rejected(String, isAnswered: Bool)
    /// The same content under several names: each is archived, and one of them is answered.
    case repeated(group: String)
    /// Different contents under one batch ID: the first to come is worked through, the other rejected.
    case contested(group: String)
  }

  let name: String
  let bytes: [UInt8]
  let end: End
}
