internal import Batch

/// Finds the IDs that stand in a file more than once with different content, in 16 bytes for each entry.
///
/// It keeps two hashes of each entry, under a key that is the process's own. Those that disagree are looked up in the
/// file once more: entries with the same hash of different IDs are no repetition.
struct RepetitionSearch {
  private struct Trace {
    let id: UInt64
    let content: UInt64
  }

  // By the first bits of the ID's hash, so that neither growing nor sorting needs the room of all of them again.
  private var buckets = [[Trace]](repeating: [], count: 256)

  mutating func note(_ stated: StatedBeneficiary) {
    let trace = Trace(id: Self.hash(stated.beneficiary.id), content: Self.contentHash(stated))
    buckets[Int(trace.id >> 56)].append(trace)
  }

  /// The hashes of the IDs whose entries differ, at most `limit`, and how many entries contradict others besides.
  mutating func contradictions(limit: Int) -> (ids: Set<UInt64>, unlistedCount: Int) {
    var found: Set<UInt64> = []
    var unlistedCount = 0
    for index in buckets.indices {
      var bucket = buckets[index]
      buckets[index] = []
      bucket.sort { ($0.id, $0.content) < ($1.id, $1.content) }
      for (one, next) in zip(bucket, bucket.dropFirst()) where one.id == next.id && one.content != next.content {
        if found.count < limit { found.insert(one.id) } else if !found.contains(one.id) { unlistedCount += 1 }
      }
    }
    return (found, unlistedCount)
  }

  static func hash(_ id: FunctionalID) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(id)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  static func contentHash(_ stated: StatedBeneficiary) -> UInt64 {
    var hasher = Hasher()
    let beneficiary = stated.beneficiary
    hasher.combine(beneficiary.modality)
    // The bytes, as they are compared elsewhere.
    hasher.combine(beneficiary.provider.map { Array($0.utf8) })
    hasher.combine(beneficiary.address.map { Array($0.utf8) })
    hasher.combine(beneficiary.state)
    hasher.combine(stated.statesState)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
